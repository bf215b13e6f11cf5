use std::str::FromStr;

use super::text_value;
use crate::problem::Code;

/// A phone number as people write it: 5 to 20 digits, a leading `+`, and spaces, brackets, dots,
/// slashes and dashes between them.
///
/// The upper bound leaves room for an extension behind the 15 digits of ITU-T E.164.
///
/// # Errors
/// `call me` and `0171-x` are [`Code::PhoneCharacter`]; `123` is [`Code::PhoneLength`].
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
        let number = text.strip_prefix('+').unwrap_or(text);
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
