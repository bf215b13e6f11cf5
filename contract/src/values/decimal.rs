use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// A number in decimal digits, compared exactly.
///
/// # Errors
/// The text is not a row of digits with at most one full stop between two of them.
///
/// ```
/// use deal_contract::values::Decimal;
///
/// let number = |text: &str| text.parse::<Decimal>().unwrap();
/// assert!(number("9.5") < number("10"));
/// assert_eq!(number("010.50").to_string(), "10.5");
/// assert!("1e3".parse::<Decimal>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// Without leading zeros, so that a longer text is a larger number.
    whole: String,
    /// Without zeros at the end.
    fraction: String,
}

/// The error for a text that is not a number in decimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotDecimal;

impl FromStr for Decimal {
    type Err = NotDecimal;

    fn from_str(text: &str) -> Result<Self, NotDecimal> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number(whole) && is_number(fraction) {
            Ok(Self {
                whole: whole.trim_start_matches('0').to_owned(),
                fraction: fraction.trim_end_matches('0').to_owned(),
            })
        } else {
            Err(NotDecimal)
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.whole.len().cmp(&other.whole.len());
        length.then_with(|| (&self.whole, &self.fraction).cmp(&(&other.whole, &other.fraction)))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Display for Decimal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.whole.is_empty() { "0" } else { &self.whole })?;
        if !self.fraction.is_empty() {
            f.write_str(".")?;
            f.write_str(&self.fraction)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn compares_numbers_of_any_length_exactly() {
        let ordered = [
            "0",
            "0.05",
            "0.5",
            "1",
            "1.05",
            "9.999999999999999999999",
            "10",
            "1000000000000000000000000",
        ];
        let numbers: Vec<Decimal> = ordered.iter().map(|text| text.parse().unwrap()).collect();
        assert!(numbers.is_sorted());
        assert_eq!("00.10".parse::<Decimal>(), "0.1".parse());
        for text in ["", ".", "1.", ".5", "1,5", "-1", "1.2.3", "١"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }
}
