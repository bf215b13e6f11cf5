//! The language that a form speaks: its words, and how it writes numbers and days.

mod amount;
mod intl;

use deal_contract::attachments::{SizeUnit, size};
use deal_contract::definition::Field;
use deal_contract::messages::{Catalog, Message, MessageKey, is_right_to_left};
use deal_contract::normalize::{DateNotation, normalize};
use deal_contract::problem::{Code, Language};
use deal_contract::template::fill;
use deal_contract::values::CalendarDate;

use crate::json::JsJson;

/// A language, and the words of one form in it.
#[derive(Debug, Clone)]
pub(crate) struct Locale {
    lang: String,
    authors: String,
    catalog: Catalog<JsJson>,
    /// The notation of dates.
    pub(crate) dates: DateNotation,
}

/// The language to speak: the page's wish, or that of the author's texts, or English.
pub(crate) fn choose(wished: Option<&str>, authors: Option<&str>) -> String {
    let known = [wished, authors].into_iter().flatten().find_map(intl::canonical);
    known.unwrap_or_else(|| "en".to_owned())
}

/// The part of a language tag before the first hyphen, by which catalogs are named.
pub(crate) fn primary(lang: &str) -> &str {
    lang.split_once('-').map_or(lang, |(primary, _)| primary)
}

impl Locale {
    /// A language, that of the author, whose own texts follow, and the language's catalog, where it
    /// has one.
    pub(crate) fn new(
        lang: String,
        authors: &str,
        texts: Vec<(String, String)>,
        translation: Option<JsJson>,
    ) -> Self {
        let authors = if primary(authors) == primary(&lang) { "" } else { authors }.to_owned();
        let dates = DateNotation::of(&lang);
        Self { lang, authors, catalog: Catalog::new(texts, translation), dates }
    }

    /// The answer as it is checked and sent.
    pub(crate) fn normalize(&self, question: &Field, typed: &str) -> String {
        normalize(question, typed, self.dates, intl::domain_to_ascii)
    }

    /// The author's language, where it is another one; else nothing.
    pub(crate) fn authors(&self) -> &str {
        &self.authors
    }

    pub(crate) fn lang(&self) -> &str {
        &self.lang
    }

    /// `rtl` or `ltr`.
    pub(crate) fn direction(&self) -> &'static str {
        if is_right_to_left(&self.lang) { "rtl" } else { "ltr" }
    }

    pub(crate) fn say(&self, message: impl Message) -> String {
        self.catalog.say(message)
    }

    /// The text with words in its places.
    pub(crate) fn fill(&self, key: MessageKey, words: &[(&str, &str)]) -> String {
        fill(&self.catalog.say(key), words)
    }

    /// The text for that number of things, which it writes as `{count}`.
    pub(crate) fn counted(&self, key: MessageKey, count: usize) -> String {
        let number = u32::try_from(count).unwrap_or(u32::MAX);
        let category = intl::plural(&self.lang, number);
        let count = self.number(&count.to_string());
        fill(&self.catalog.say_plural(key, &category), &[("count", &count)])
    }

    fn number(&self, digits: &str) -> String {
        intl::number(&self.lang, digits)
    }

    /// An amount as this language writes it, where it can be told what the visitor meant.
    pub(crate) fn amount(&self, typed: &str) -> Option<String> {
        // Which sign splits decimals, the language's own writing shows.
        let sample = self.number("0.5");
        let digits = amount::digits(typed, !sample.as_bytes().contains(&b','))?;
        Some(self.number(&digits))
    }

    /// An example of a date, with its pattern.
    pub(crate) fn date_example(&self) -> String {
        let example = self.dates.write("30", "09", "2026");
        self.fill(
            MessageKey::DateExample,
            &[("pattern", &self.date_pattern()), ("example", &example)],
        )
    }

    /// A time that something still takes: seconds, and minutes from two on.
    pub(crate) fn seconds(&self, seconds: u64) -> String {
        let (count, unit) =
            if seconds < 120 { (seconds, "second") } else { (seconds.div_ceil(60), "minute") };
        intl::measure(&self.lang, &count.to_string(), unit, "long")
    }

    /// A day in words.
    pub(crate) fn written_day(&self, day: CalendarDate) -> String {
        intl::day(&self.lang, &day.to_string())
    }
}

impl Language for Locale {
    fn template(&self, code: Code) -> String {
        self.catalog.say(code)
    }

    fn count(&self, count: u64) -> String {
        self.number(&count.to_string())
    }

    fn bytes(&self, bytes: u64) -> String {
        let (digits, unit) = size(bytes);
        let (unit, display) = match unit {
            SizeUnit::Byte => ("byte", "long"),
            SizeUnit::Kilobyte => ("kilobyte", "short"),
            SizeUnit::Megabyte => ("megabyte", "short"),
        };
        intl::measure(&self.lang, &digits, unit, display)
    }

    fn day(&self, day: CalendarDate) -> String {
        self.written_day(day)
    }

    fn date_pattern(&self) -> String {
        self.dates.pattern(&self.catalog.say(MessageKey::DateLetters))
    }

    fn file_kinds(&self) -> String {
        self.catalog.say(MessageKey::FileKinds)
    }
}

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn every_language_that_the_contract_knows_runs_its_way() {
        let direction = |lang: &str| Locale::new(lang.to_owned(), "", Vec::new(), None).direction();
        assert_eq!(["ar-EG", "ckb", "sd", "de"].map(direction), ["rtl", "rtl", "rtl", "ltr"]);
    }
}
