use std::str::FromStr;

use super::text_value::text_value;
use crate::characters::{is_one_of, map, trim, trim_end};
use crate::code::Code;

/// A phone number as people write it: 5 to 20 digits, with an optional leading `+`, and spaces,
/// brackets, dots, slashes and dashes between the digits; then an optional extension after `x`,
/// `ext.`, `extension`, `#`, commas, or the German, French, Spanish, Portuguese or Arabic word for
/// it.
///
/// ITU-T E.164 allows 15 digits; 20 leave room for a prefix.
///
/// # Errors
/// `call me` and `0171-12345 ext` are [`Code::PhoneCharacter`]; `123` is [`Code::PhoneLength`].
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

/// Words before an extension. Commas and semicolons, which make phones pause, also introduce an
/// extension.
const EXTENSIONS: &str =
    "x ext extn extension # dw durchwahl app nst poste int ramal extensión تحويلة";

impl FromStr for Phone {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let begin = text.strip_prefix('(').unwrap_or(text);
        let begin = begin.strip_prefix('+').unwrap_or(begin);
        let mut digits = 0_usize;
        let mut rest: &[char] = &map(begin, Some);
        while let [c, after @ ..] = rest
            && (c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '.' | '/'))
        {
            digits = digits.saturating_add(usize::from(c.is_ascii_digit()));
            rest = after;
        }
        if !rest.is_empty() && !is_extension(rest) {
            return Err(Code::PhoneCharacter);
        }
        if !(5..=20).contains(&digits) {
            return Err(Code::PhoneLength);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Returns whether the rest is an extension, such as `ext. 5`, `X5`, `,,5`, `#5` or `extension 5)`.
fn is_extension(rest: &[char]) -> bool {
    let rest = trim_end(rest, |c| matches!(c, ')' | '.' | ' '));
    let mark = trim_end(rest, |c| c.is_ascii_digit());
    let digits = rest.len() > mark.len();
    let mark = trim(mark, |c| matches!(c, ',' | ';' | '.' | ':' | '=' | '-' | ' '));
    digits && (mark.is_empty() || is_one_of(EXTENSIONS, &mark.iter().collect::<String>()))
}
