use std::str::FromStr;

use super::text::SingleLineText;
use super::text_value::text_value;
use crate::code::Code;

/// Tags, split by commas. A tag cannot contain one.
///
/// Source: the reference's row `tags` ("split by ','"). Spaces around a tag do not count.
///
/// # Errors
/// `a,,b`, `a,` and the empty text are [`Code::TagEmpty`]; what [`SingleLineText`] refuses is refused too.
///
/// ```
/// use deal_contract::values::Tags;
///
/// let tags: Tags = "web, new customer".parse().unwrap();
/// assert_eq!(tags.iter().collect::<Vec<_>>(), ["web", "new customer"]);
/// assert!("web,,new".parse::<Tags>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tags(String);

text_value!(Tags);

/// Whether the sign splits what is typed into tags: the comma of any script, since a keyboard has
/// its own. What is sent has the one that the reference names.
pub fn is_comma(sign: char) -> bool {
    matches!(sign, ',' | '،' | '，' | '、')
}

impl Tags {
    /// The tags, one by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(',').map(str::trim)
    }
}

impl FromStr for Tags {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        text.parse::<SingleLineText>()?;
        if text.split(',').any(|tag| tag.trim().is_empty()) {
            return Err(Code::TagEmpty);
        }
        Ok(Self(text.to_owned()))
    }
}
