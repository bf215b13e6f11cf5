use std::str::FromStr;

use super::text_value::text_value;
use crate::code::Code;

/// Text on one line, without line breaks and other control characters.
///
/// # Errors
/// A line break is [`Code::TextLine`]; another control character, such as NUL, is
/// [`Code::TextControl`].
///
/// ```
/// use deal_contract::values::SingleLineText;
///
/// assert!("Zoë & Söhne <GmbH>".parse::<SingleLineText>().is_ok());
/// assert!("two\nlines".parse::<SingleLineText>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SingleLineText(String);

text_value!(SingleLineText);

impl FromStr for SingleLineText {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        for character in text.chars() {
            match character {
                '\n' | '\r' => return Err(Code::TextLine),
                control if control.is_control() => return Err(Code::TextControl),
                _ => {}
            }
        }
        Ok(Self(text.to_owned()))
    }
}

/// Text with any number of lines. It can contain line breaks and tabs, but no other control
/// characters.
///
/// # Errors
/// [`Code::TextControl`] for other control characters, such as NUL.
///
/// ```
/// use deal_contract::values::MultiLineText;
///
/// assert!("two\r\nlines\tand a tab".parse::<MultiLineText>().is_ok());
/// assert!("a\0b".parse::<MultiLineText>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MultiLineText(String);

text_value!(MultiLineText);

impl FromStr for MultiLineText {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let is_allowed = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
        if text.chars().all(is_allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Code::TextControl)
        }
    }
}
