use std::str::FromStr;

use super::text::SingleLineText;
use super::text_value::text_value;
use crate::code::Code;

/// Tags, separated by commas. A tag cannot contain a comma.
///
/// Source: the parameter `tags` in the CRM's API reference ("split by ','"). White space around a
/// tag is ignored.
///
/// # Errors
/// `a,,b`, `a,` and the empty string are [`Code::TagEmpty`]. The errors for [`SingleLineText`] also
/// apply.
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

/// Returns whether the character separates typed tags: a Latin, Arabic, Chinese or Japanese comma.
/// Normalized tags contain only the comma that the API reference names.
pub fn is_comma(c: char) -> bool {
    matches!(c, ',' | '،' | '，' | '、')
}

impl Tags {
    /// Returns the tags, each without leading and trailing white space.
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
