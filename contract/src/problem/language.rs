use crate::attachments::{COUNT_LIMIT, size_text};
use crate::code::Code;
use crate::messages::{Message, MessageKey};
use crate::normalize::DateNotation;
use crate::template::fill;
use crate::values::CalendarDate;

/// The sentences about problems and limits in one language, and its formats for numbers and days.
pub trait Language {
    /// Returns the sentence for a code, with the placeholders `{label}`, `{subject}` and `{limit}`.
    fn template(&self, code: Code) -> String;
    /// Formats a number of characters or files.
    fn count(&self, count: u64) -> String;
    /// Formats an amount or a number that is given in digits with a full stop.
    fn number(&self, digits: &str) -> String;
    /// Formats a size. A line does not break between its number and its unit.
    fn bytes(&self, bytes: u64) -> String;
    /// Formats a day.
    fn day(&self, day: CalendarDate) -> String;
    /// Returns the pattern for typing a day, such as `MM/DD/YYYY`.
    fn date_pattern(&self) -> String;
    /// Returns a message with its placeholders.
    fn message(&self, key: MessageKey) -> String;
    /// Returns the form of a message for this number, with its placeholders.
    fn plural_message(&self, key: MessageKey, count: usize) -> String;

    /// Returns the hint about the files that can be sent: their kinds, their maximum number, and the
    /// size that all of them must stay below. A visitor rarely reaches the default maximum, so the
    /// hint names only a smaller one.
    fn files_hint(&self, max_files: usize, max_total: u64) -> String {
        let template = match max_files {
            COUNT_LIMIT.. => self.message(MessageKey::FilesHint),
            _ => self.plural_message(MessageKey::FilesHintCount, max_files),
        };
        let kinds = self.message(MessageKey::FileKinds);
        let count = self.count(max_files.try_into().unwrap_or(u64::MAX));
        let values = [("kinds", &*kinds), ("count", &count), ("limit", &self.bytes(max_total))];
        fill(&template, &values)
    }
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
        size_text(bytes).replace(' ', "\u{a0}")
    }

    fn day(&self, day: CalendarDate) -> String {
        day.to_string()
    }

    fn date_pattern(&self) -> String {
        DateNotation::of("en").pattern(MessageKey::DateLetters.english())
    }

    fn message(&self, key: MessageKey) -> String {
        key.english().to_owned()
    }

    fn plural_message(&self, key: MessageKey, count: usize) -> String {
        let one = key.one().filter(|_| count == 1);
        one.unwrap_or_else(|| key.english()).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_about_files_names_their_number_only_if_the_form_limits_it() {
        let hint = |max_files| English.files_hint(max_files, 5_000_000);
        let kinds = MessageKey::FileKinds.english();
        assert_eq!(hint(COUNT_LIMIT), format!("{kinds}; under 5\u{a0}MB in total"));
        assert_eq!(hint(3), format!("{kinds}; at most 3 files, under 5\u{a0}MB in total"));
        assert_eq!(hint(1), format!("{kinds}; only 1 file, under 5\u{a0}MB"));
    }
}
