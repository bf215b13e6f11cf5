use crate::attachments::{KINDS, size_text};
use crate::code::Code;
use crate::messages::{Message, MessageKey};
use crate::normalize::DateNotation;
use crate::values::CalendarDate;

/// A language in which problems are told: its sentences, and how it writes numbers and days.
pub trait Language {
    /// The sentence of that code, with `{label}`, `{subject}` and `{limit}` for what it names.
    fn template(&self, code: Code) -> String;
    /// A number of characters or files.
    fn count(&self, count: u64) -> String;
    /// A size.
    fn bytes(&self, bytes: u64) -> String;
    /// A day.
    fn day(&self, day: CalendarDate) -> String;
    /// The pattern in which a day is typed, such as `MM/DD/YYYY`.
    fn date_pattern(&self) -> String;
    /// The kinds of file that the CRM keeps.
    fn file_kinds(&self) -> String;
}

/// The language that needs no catalog.
#[derive(Debug, Clone, Copy)]
pub struct English;

impl Language for English {
    fn template(&self, code: Code) -> String {
        code.english().to_owned()
    }

    fn count(&self, count: u64) -> String {
        count.to_string()
    }

    fn bytes(&self, bytes: u64) -> String {
        size_text(bytes)
    }

    fn day(&self, day: CalendarDate) -> String {
        day.to_string()
    }

    fn date_pattern(&self) -> String {
        DateNotation::of("en").pattern(MessageKey::DateLetters.english())
    }

    fn file_kinds(&self) -> String {
        KINDS.to_owned()
    }
}
