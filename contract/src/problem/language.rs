use crate::attachments::{KINDS, size_text};
use crate::code::Code;
use crate::messages::{Message, MessageKey};
use crate::normalize::DateNotation;
use crate::values::CalendarDate;

/// The sentences about problems in one language, and its formats for numbers and days.
pub trait Language {
    /// Returns the sentence for a code, with the placeholders `{label}`, `{subject}` and `{limit}`.
    fn template(&self, code: Code) -> String;
    /// Formats a number of characters or files.
    fn count(&self, count: u64) -> String;
    /// Formats an amount or a number that is given in digits with a full stop.
    fn number(&self, digits: &str) -> String;
    /// Formats a size.
    fn bytes(&self, bytes: u64) -> String;
    /// Formats a day.
    fn day(&self, day: CalendarDate) -> String;
    /// Returns the pattern for typing a day, such as `MM/DD/YYYY`.
    fn date_pattern(&self) -> String;
    /// Returns the types of file that the CRM keeps.
    fn file_kinds(&self) -> String;
}

/// English, which does not need a catalog.
#[derive(Debug, Clone, Copy)]
pub struct English;

impl Language for English {
    fn template(&self, code: Code) -> String {
        code.english().to_owned()
    }

    fn count(&self, count: u64) -> String {
        count.to_string()
    }

    fn number(&self, digits: &str) -> String {
        digits.to_owned()
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
