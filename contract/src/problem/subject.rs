use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::Language;
use crate::json::Json;
use crate::messages::MessageKey;
use crate::values::CalendarDate;

/// The thing that a sentence names besides the field. Numbers and days are not formatted yet,
/// because their notation depends on the language.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// Nothing.
    Nothing,
    /// A text that is not translated: the name of a file or a parameter.
    Text(String),
    /// A number of characters or files.
    Count(u64),
    /// An amount or a number, in digits with a full stop.
    Number(String),
    /// A size.
    Bytes(u64),
    /// A day.
    Day(CalendarDate),
    /// The pattern for typing a day.
    DatePattern,
    /// The types of file that the CRM keeps.
    FileKinds,
}

impl Subject {
    /// Creates a subject from a number of characters or files.
    pub fn count(things: usize) -> Self {
        Self::Count(u64::try_from(things).unwrap_or(u64::MAX))
    }

    /// Reads the `subject` or `limit` of a [`Problem`](super::Problem) from JSON. Unknown JSON
    /// becomes [`Subject::Nothing`].
    pub fn read(json: &impl Json) -> Self {
        let number = |name| json.member_text(name).and_then(|digits| digits.parse().ok());
        let day = || json.member_text("day").and_then(|day| day.parse().ok());
        let known = json.member_text("text").map(Self::Text);
        let known = known.or_else(|| number("count").map(Self::Count));
        let known = known.or_else(|| json.member_text("number").map(Self::Number));
        let known = known.or_else(|| number("bytes").map(Self::Bytes));
        let known = known.or_else(|| day().map(Self::Day));
        let known = known.or_else(|| json.member("date_pattern").map(|_| Self::DatePattern));
        let known = known.or_else(|| json.member("file_kinds").map(|_| Self::FileKinds));
        known.unwrap_or(Self::Nothing)
    }

    /// Returns the text in a language.
    pub(super) fn text_in(&self, language: &dyn Language) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Count(count) => language.count(*count),
            Self::Number(digits) => language.number(digits),
            Self::Bytes(bytes) => language.bytes(*bytes),
            Self::Day(day) => language.day(*day),
            Self::DatePattern => language.date_pattern(),
            Self::FileKinds => language.message(MessageKey::FileKinds),
        }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }
}

/// Writes, for example, `{"count": 13}`.
impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Self::Nothing => {}
            Self::Text(text) => map.serialize_entry("text", text)?,
            Self::Count(count) => map.serialize_entry("count", count)?,
            Self::Number(digits) => map.serialize_entry("number", digits)?,
            Self::Bytes(bytes) => map.serialize_entry("bytes", bytes)?,
            Self::Day(day) => map.serialize_entry("day", &day.to_string())?,
            Self::DatePattern => map.serialize_entry("date_pattern", &true)?,
            Self::FileKinds => map.serialize_entry("file_kinds", &true)?,
        }
        map.end()
    }
}
