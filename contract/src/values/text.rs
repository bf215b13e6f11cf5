use std::str::FromStr;

use super::text_value;
use crate::problem::Code;

/// Text on one line: no line break and no other control character.
///
/// # Errors
/// A line break is [`Code::TextLine`]; another control character, such as NUL, is
/// [`Code::TextControl`].
///
/// ```
/// use deal_contract::values::Line;
///
/// assert!("Zoë & Söhne <GmbH>".parse::<Line>().is_ok());
/// assert!("two\nlines".parse::<Line>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Line(String);

text_value!(Line);

impl FromStr for Line {
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

/// Text of any number of lines: line breaks and tabs, but no other control character.
///
/// # Errors
/// [`Code::TextControl`] for NUL, escape and their like.
///
/// ```
/// use deal_contract::values::Paragraphs;
///
/// assert!("two\r\nlines\tand a tab".parse::<Paragraphs>().is_ok());
/// assert!("a\0b".parse::<Paragraphs>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Paragraphs(String);

text_value!(Paragraphs);

impl FromStr for Paragraphs {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let harmless = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
        if text.chars().all(harmless) { Ok(Self(text.to_owned())) } else { Err(Code::TextControl) }
    }
}
