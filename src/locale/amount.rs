//! What number a visitor means by an amount. Only to show it back: what is sent is what was typed.

/// The amount in plain decimal digits with a full stop, such as `12500.5`; nothing where it could
/// mean several numbers.
///
/// The last of the signs splits decimals if it stands once and another kind stands before it, or
/// if anything but three digits follow. With three digits it splits thousands, unless it is the
/// language's own decimal sign; `stop_is_decimal` tells which that is.
pub(super) fn digits(typed: &str, stop_is_decimal: bool) -> Option<String> {
    let compact: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let decimal = decimal_sign(&compact, stop_is_decimal)?;
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

/// Where the decimal sign stands, if there is one. Nothing at all where nobody can tell.
#[expect(clippy::option_option, reason = "unknown and none are different answers")]
fn decimal_sign(amount: &str, stop_is_decimal: bool) -> Option<Option<usize>> {
    let amount = amount.as_bytes();
    let Some(at) = amount.iter().rposition(|byte| b",.".contains(byte)) else { return Some(None) };
    let (before, rest) = amount.split_at_checked(at)?;
    let (&sign, decimals) = rest.split_first()?;
    let other = if sign == b',' { b'.' } else { b',' };
    let mixed = before.contains(&other);
    if before.contains(&sign) {
        // 1.250.000 has none; 1.2,5.0 is nothing.
        return (decimals.len() == 3 && !mixed).then_some(None);
    }
    let own = (sign == b'.') == stop_is_decimal;
    Some((mixed || decimals.len() != 3 || own).then_some(at))
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
    fn an_amount_is_read_as_its_writer_means_it() {
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
    fn three_digits_after_the_only_sign_are_thousands_unless_it_is_the_languages_decimal_sign() {
        check("12.500", Some("12.500"), Some("12500"));
        check("12,500", Some("12500"), Some("12.500"));
    }

    #[test]
    fn what_nobody_can_read_is_not_read() {
        check("1.2.3", None, None);
        check("1,2.3,4", None, None);
        check(",.", None, None);
    }
}
