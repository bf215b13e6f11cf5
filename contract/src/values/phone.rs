use std::str::FromStr;

use super::text_value;
use crate::problem::Code;

/// A phone number as people write it: 5 to 20 digits, a leading `+`, and spaces, brackets, dots,
/// slashes and dashes between them; then perhaps an extension behind `x`, `ext` or `#`.
///
/// The upper bound leaves room for what stands before the 15 digits of ITU-T E.164.
///
/// # Errors
/// `call me` and `0171-123 ext` are [`Code::PhoneCharacter`]; `123` is [`Code::PhoneLength`].
///
/// ```
/// use deal_contract::values::Phone;
///
/// assert!("+49 (0)30 / 123-456".parse::<Phone>().is_ok());
/// assert!("123".parse::<Phone>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

text_value!(Phone);

impl FromStr for Phone {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let (number, extension) = split(text);
        let extension = extension.map(str::trim);
        if extension.is_some_and(|digits| !is_number(digits)) {
            return Err(Code::PhoneCharacter);
        }
        let number = number.strip_prefix('(').unwrap_or(number);
        let number = number.strip_prefix('+').unwrap_or(number);
        if !number.bytes().all(|byte| byte.is_ascii_digit() || b" ()-./".contains(&byte)) {
            return Err(Code::PhoneCharacter);
        }
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        if !(5..=20).contains(&digits) {
            return Err(Code::PhoneLength);
        }
        Ok(Self(text.to_owned()))
    }
}

/// The number and its extension.
fn split(text: &str) -> (&str, Option<&str>) {
    // Signs are looked for, not texts: the code that searches for a text weighs 2 kB in the widget.
    let at = text.find(['e', 'x', '#']).unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let mut marks = ["ext.", "ext", "x", "#"].into_iter();
    match marks.find_map(|mark| rest.strip_prefix(mark)) {
        Some(extension) => (number, Some(extension)),
        None => (text, None),
    }
}

fn is_number(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
