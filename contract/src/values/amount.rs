use std::str::FromStr;

use super::Decimal;
use super::text_value::text_value;
use crate::code::Code;

/// An amount of money, as text: digits, spaces, commas and full stops, at least one digit.
///
/// Source: the parameters `expected_closing_amount` and `actual_closing_amount` in the CRM's API
/// reference. The CRM gets the text. [`Amount::number`] decides which sign separates thousands and
/// which one separates decimals.
///
/// # Errors
/// `-5` and `5 €` are [`Code::AmountCharacter`]; `,.` and the empty string are
/// [`Code::AmountDigit`].
///
/// ```
/// use deal_contract::values::Amount;
///
/// assert_eq!("1 250,00".parse::<Amount>().unwrap().as_str(), "1 250,00");
/// assert!("-5".parse::<Amount>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Amount(String);

text_value!(Amount);

impl Amount {
    /// Returns the number that the text means, as digits with a full stop and the typed decimals,
    /// or `None` if the text could mean several numbers.
    ///
    /// The last separator (`,` or `.`) is the decimal separator if it occurs once and the other one
    /// precedes it, or if the number of digits after it is not three. Three digits after it are
    /// read as thousands in every language, because amounts of money have at most two decimals in
    /// nearly all currencies, and because the widget and the proxy may use different languages.
    /// After a zero, they are decimals.
    ///
    /// ```
    /// use deal_contract::values::Amount;
    ///
    /// let digits = |text: &str| text.parse::<Amount>().ok()?.digits();
    /// assert_eq!(digits("1 250,00").as_deref(), Some("1250.00"));
    /// assert_eq!(digits("12.500").as_deref(), Some("12500"));
    /// assert_eq!(digits("1.2.3"), None);
    /// ```
    pub fn digits(&self) -> Option<String> {
        let compact: Vec<u8> = self.0.bytes().filter(|byte| *byte != b' ').collect();
        let (whole, fraction) = split(&compact)?;
        let digits = |text: &[u8]| -> String {
            text.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| char::from(*byte)).collect()
        };
        let (whole, fraction) = (digits(whole), digits(fraction));
        let whole = if whole.is_empty() { "0" } else { &whole };
        let sign = if fraction.is_empty() { "" } else { "." };
        Some([whole, sign, &fraction].concat())
    }

    /// Returns the number that the text means, to compare it, or `None` if the text could mean
    /// several numbers.
    pub fn number(&self) -> Option<Decimal> {
        self.digits()?.parse().ok()
    }
}

/// Splits an amount at its decimal separator. The separator is in the second part. Returns `None` if
/// the separator is ambiguous.
fn split(amount: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_separator = |byte: &u8| matches!(byte, b',' | b'.');
    let Some(at) = amount.iter().rposition(is_separator) else { return Some((amount, &[])) };
    let (before, from) = amount.split_at_checked(at)?;
    let (separator, decimals) = from.split_first()?;
    let mixed = before.iter().any(|byte| is_separator(byte) && byte != separator);
    if before.contains(separator) {
        // 1.250.000 has no decimals; 1.2,5.0 is ambiguous.
        return (decimals.len() == 3 && !mixed).then_some((amount, &[]));
    }
    let is_thousands = decimals.len() == 3 && !mixed && !matches!(before, [] | [b'0']);
    Some(if is_thousands { (amount, &[]) } else { (before, from) })
}

impl FromStr for Amount {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        if !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b' ' | b',' | b'.')) {
            return Err(Code::AmountCharacter);
        }
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Err(Code::AmountDigit);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Amount;

    #[track_caller]
    fn check(typed: &str, expected: Option<&str>) {
        let digits = typed.parse::<Amount>().unwrap().digits();
        assert_eq!(digits.as_deref(), expected, "{typed}");
    }

    #[test]
    fn reads_amounts_with_either_separator() {
        check("1250", Some("1250"));
        check("12 500", Some("12500"));
        check("12,500.00", Some("12500.00"));
        check("12.500,50", Some("12500.50"));
        check("1.250.000", Some("1250000"));
        check("1,5", Some("1.5"));
        check(".5", Some("0.5"));
        check("5.", Some("5"));
        check("007", Some("007"));
    }

    #[test]
    fn reads_three_digits_after_a_single_separator_as_thousands() {
        check("12.500", Some("12500"));
        check("12,500", Some("12500"));
        check("0.500", Some("0.500"));
        check(",500", Some("0.500"));
    }

    #[test]
    fn does_not_read_an_ambiguous_amount() {
        check("1.2.3", None);
        check("1,2.3,4", None);
        check("1.000,5.0", None);
    }
}
