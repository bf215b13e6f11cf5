//! Interprets a typed amount as a number. The number is only shown; the form sends the typed text.

/// Returns the amount in decimal digits with a full stop, such as `12500.5`. Returns `None` if it
/// could mean several numbers.
///
/// The last separator (`,` or `.`) is the decimal separator if it occurs once and the other one
/// precedes it, or if the number of digits after it is not three. With three digits, it separates
/// thousands, unless it is the decimal separator of the language: `.` if `stop_is_decimal`.
pub(super) fn digits(typed: &str, stop_is_decimal: bool) -> Option<String> {
    let compact: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let decimal = decimal_separator(&compact, stop_is_decimal)?;
    let (whole, fraction) = match decimal {
        Some(at) => compact.split_at_checked(at)?,
        None => (compact.as_str(), ""),
    };
    let only_digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (whole, fraction) = (only_digits(whole), only_digits(fraction));
    match (whole.is_empty(), fraction.is_empty()) {
        (true, true) => None,
        (_, true) => Some(whole),
        (true, false) => Some(format!("0.{fraction}")),
        (false, false) => Some(format!("{whole}.{fraction}")),
    }
}

/// The index of the decimal separator, `Some(None)` if there is no separator, and `None` if it is
/// ambiguous.
#[expect(clippy::option_option, reason = "ambiguous and absent are different results")]
fn decimal_separator(amount: &str, stop_is_decimal: bool) -> Option<Option<usize>> {
    let amount = amount.as_bytes();
    let Some(at) = amount.iter().rposition(|byte| b",.".contains(byte)) else { return Some(None) };
    let (before, rest) = amount.split_at_checked(at)?;
    let (&separator, decimals) = rest.split_first()?;
    let other = if separator == b',' { b'.' } else { b',' };
    let mixed = before.contains(&other);
    if before.contains(&separator) {
        // 1.250.000 has no decimals; 1.2,5.0 is ambiguous.
        return (decimals.len() == 3 && !mixed).then_some(None);
    }
    let is_decimal_in_language = (separator == b'.') == stop_is_decimal;
    Some((mixed || decimals.len() != 3 || is_decimal_in_language).then_some(at))
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[track_caller]
    fn check(typed: &str, english: Option<&str>, german: Option<&str>) {
        assert_eq!(digits(typed, true).as_deref(), english, "{typed} in English");
        assert_eq!(digits(typed, false).as_deref(), german, "{typed} in German");
    }

    #[test]
    fn reads_amounts_with_either_separator() {
        check("1250", Some("1250"), Some("1250"));
        check("12 500", Some("12500"), Some("12500"));
        check("12,500.00", Some("12500.00"), Some("12500.00"));
        check("12.500,00", Some("12500.00"), Some("12500.00"));
        check("1.250.000", Some("1250000"), Some("1250000"));
        check("1,5", Some("1.5"), Some("1.5"));
        check(".5", Some("0.5"), Some("0.5"));
        check("5.", Some("5"), Some("5"));
    }

    #[test]
    fn reads_three_digits_after_a_single_separator_by_the_languages_convention() {
        check("12.500", Some("12.500"), Some("12500"));
        check("12,500", Some("12500"), Some("12.500"));
    }

    #[test]
    fn rejects_an_ambiguous_amount() {
        check("1.2.3", None, None);
        check("1,2.3,4", None, None);
        check(",.", None, None);
    }
}
