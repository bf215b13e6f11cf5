//! The language of a form: its messages, and the format of numbers and days.

mod intl;

use deal_contract::attachments::{SizeUnit, size};
use deal_contract::definition::Field;
use deal_contract::kind::Kind;
use deal_contract::messages::{
    Catalog, Message, MessageKey, is_right_to_left, primary_language, without_register,
};
use deal_contract::normalize::{self, DateNotation, normalize};
use deal_contract::problem::{Code, Language};
use deal_contract::template::fill;
use deal_contract::values::{Amount, CalendarDate};

use crate::json::JsJson;

/// A language, and the messages of one form in it.
#[derive(Debug, Clone)]
pub(crate) struct Locale {
    lang: String,
    /// The language of the author's text, or an empty string if it is the form's language.
    author_lang: String,
    catalog: Catalog<JsJson>,
    /// The tag for the formats of numbers and days: `lang`, possibly with a region.
    formats: String,
    /// The notation of dates that visitors read and type.
    pub(crate) dates: DateNotation,
    /// The notation of dates that come from the page, its address or the plain form.
    author_dates: DateNotation,
}

/// Chooses the form's language: the language that the page requests, the language of the author's
/// text, or English.
pub(crate) fn choose(requested: Option<&str>, author_lang: Option<&str>) -> String {
    let known = [requested, author_lang].into_iter().flatten().find_map(intl::canonical);
    known.unwrap_or_else(|| "en".to_owned())
}

/// Returns the canonical form of a language tag, or `None` if the tag is invalid.
pub(crate) fn canonical(lang: &str) -> Option<String> {
    intl::canonical(lang)
}

impl Locale {
    /// Creates the locale of a form. `texts` are the author's replacements for messages, and
    /// `translation` is the catalog of `lang`, if there is one.
    pub(crate) fn new(
        lang: String,
        author_lang: &str,
        texts: Vec<(String, String)>,
        translation: Option<JsJson>,
    ) -> Self {
        // As in the proxy.
        let author_dates =
            DateNotation::of(if author_lang.is_empty() { "en" } else { author_lang });
        let is_same = primary_language(author_lang) == primary_language(&lang);
        let author_lang = if is_same { "" } else { without_register(author_lang) }.to_owned();
        let dates = DateNotation::of(&lang);
        let lang = without_register(&lang).to_owned();
        Self {
            formats: lang.clone(),
            lang,
            author_lang,
            catalog: Catalog::new(texts, translation),
            dates,
            author_dates,
        }
    }

    /// Formats numbers and days as in the region of the page or the visitor, if the form's language
    /// has no region. Dates have the notation of the language `dates` in this region.
    pub(crate) fn use_region(&mut self, dates: &str, page: Option<&str>) {
        self.formats = intl::regional(&self.lang, page);
        self.dates = DateNotation::of(&intl::regional(without_register(dates), page));
    }

    /// Returns the normalized answer, which is checked and sent.
    pub(crate) fn normalize(&self, question: &Field, typed: &str) -> String {
        normalize(question, typed, self.dates, intl::domain_to_ascii)
    }

    /// Returns an answer that the visitor has not typed into this form, with a date as `YYYY-MM-DD`.
    /// The page, its address and the plain form write dates in the notation of the form's language,
    /// which the proxy reads, and do not know the visitor's.
    pub(crate) fn read_given(&self, question: &Field, text: &str) -> String {
        match question.kind.kind() {
            Kind::Date => normalize::date(text, self.author_dates),
            _ => text.to_owned(),
        }
    }

    /// Returns the language of the author's text, or an empty string if it is the form's language.
    pub(crate) fn author_lang(&self) -> &str {
        &self.author_lang
    }

    pub(crate) fn lang(&self) -> &str {
        &self.lang
    }

    /// Returns `rtl` or `ltr`.
    pub(crate) fn direction(&self) -> &'static str {
        if is_right_to_left(&self.lang) { "rtl" } else { "ltr" }
    }

    pub(crate) fn say(&self, message: impl Message) -> String {
        self.catalog.say(message)
    }

    /// Fills in the placeholders of a message.
    pub(crate) fn fill(&self, key: MessageKey, values: &[(&str, &str)]) -> String {
        fill(&self.catalog.say(key), values)
    }

    /// Returns the plural form of a message for this count, with the value of `{count}`.
    pub(crate) fn counted(&self, key: MessageKey, count: usize) -> String {
        let number = self.number(&count.to_string());
        fill(&self.plural_message(key, count), &[("count", &number)])
    }

    /// Formats an amount for this language. Returns `None` if the typed text is ambiguous.
    pub(crate) fn amount(&self, typed: &Amount) -> Option<String> {
        Some(self.number(&typed.digits()?))
    }

    /// Returns the hint with the pattern of dates and an example.
    pub(crate) fn date_example(&self) -> String {
        let example = self.dates.write("30", "09", "2026");
        self.fill(
            MessageKey::DateExample,
            &[("pattern", &self.date_pattern()), ("example", &example)],
        )
    }

    /// Formats a duration in words: in seconds below two minutes, otherwise in minutes.
    pub(crate) fn seconds(&self, seconds: u64) -> String {
        let (count, unit) =
            if seconds < 120 { (seconds, "second") } else { (seconds.div_ceil(60), "minute") };
        intl::measure(&self.formats, &count.to_string(), unit, "long")
    }

    /// Formats a day as a long date, such as “Saturday, January 31, 2026”.
    pub(crate) fn written_day(&self, day: CalendarDate) -> String {
        intl::day(&self.formats, &day.to_string())
    }
}

impl Language for Locale {
    fn template(&self, code: Code) -> String {
        self.catalog.say(code)
    }

    fn count(&self, count: u64) -> String {
        self.number(&count.to_string())
    }

    fn number(&self, digits: &str) -> String {
        intl::number(&self.formats, digits)
    }

    fn bytes(&self, bytes: u64) -> String {
        let (digits, unit) = size(bytes);
        let (unit, display) = match unit {
            SizeUnit::Byte => ("byte", "long"),
            SizeUnit::Kilobyte => ("kilobyte", "short"),
            SizeUnit::Megabyte => ("megabyte", "short"),
        };
        intl::measure(&self.formats, &digits, unit, display)
    }

    fn day(&self, day: CalendarDate) -> String {
        self.written_day(day)
    }

    fn date_pattern(&self) -> String {
        self.dates.pattern(&self.catalog.say(MessageKey::DateLetters))
    }

    fn message(&self, key: MessageKey) -> String {
        self.catalog.say(key)
    }

    fn plural_message(&self, key: MessageKey, count: usize) -> String {
        let number = u32::try_from(count).unwrap_or(u32::MAX);
        self.catalog.say_plural(key, &intl::plural(&self.lang, number))
    }
}

#[cfg(test)]
mod tests {
    use deal_contract::definition::FieldKind;

    use super::*;

    #[test]
    fn uses_the_text_direction_of_the_language() {
        let direction = |lang: &str| Locale::new(lang.to_owned(), "", Vec::new(), None).direction();
        assert_eq!(["ar-EG", "ckb", "sd", "de"].map(direction), ["rtl", "rtl", "rtl", "ltr"]);
    }

    #[test]
    fn reads_given_dates_in_the_notation_of_the_form() {
        let day = Field::new("decision_day", FieldKind::DATE, "Day");
        let read = |author_lang: &str, text: &str| {
            let mut locale = Locale::new("en".to_owned(), author_lang, Vec::new(), None);
            locale.dates = DateNotation::of("en-GB");
            let given = locale.read_given(&day, text);
            assert_eq!(locale.normalize(&day, &given), given);
            given
        };
        assert_eq!(read("", "03/04/2027"), "2027-03-04");
        assert_eq!(read("en", "03/04/2027"), "2027-03-04");
        assert_eq!(read("de", "03.04.2027"), "2027-04-03");
        assert_eq!(read("de", "soon"), "soon");
    }
}
