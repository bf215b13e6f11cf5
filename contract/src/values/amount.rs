use std::str::FromStr;

use super::text_value::text_value;
use crate::code::Code;

/// An amount of money, as text: digits, spaces, commas and full stops, at least one digit.
///
/// Source: the reference's rows `expected_closing_amount` and `actual_closing_amount`. This type
/// does not decide which sign separates thousands and which one decimals.
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
