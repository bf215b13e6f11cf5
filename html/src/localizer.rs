//! The language of a form: its messages, and the format of numbers and days.

use deal_contract::attachments::{SizeUnit, size};
use deal_contract::definition::PublicDefinition;
use deal_contract::json::Value;
use deal_contract::locales;
use deal_contract::messages::{
    Catalog, Message, MessageKey, PageMessageKey, is_right_to_left, primary_language,
    without_register,
};
use deal_contract::normalize::DateNotation;
use deal_contract::problem::{Code, Language};
use deal_contract::template::fill;
use deal_contract::values::CalendarDate;

use crate::formats::Formats;

/// Writes the messages of pages and refusals in the language of a form.
#[derive(Debug)]
pub struct Localizer {
    lang: String,
    formats: Formats,
    catalog: Catalog<Value>,
}

impl Localizer {
    /// Creates the localizer for English, for responses that do not belong to a form.
    pub fn english() -> Self {
        Self::new("en", Catalog::new(Vec::new(), None))
    }

    /// Creates the localizer for a form's language. If the language has no translation, the messages
    /// are English, except those that the author has replaced.
    pub fn of(form: &PublicDefinition) -> Self {
        let Some(lang) = &form.lang else {
            return Self::new("en", Catalog::new(form.texts.clone(), None));
        };
        // The catalogs are compiled in, and a test in the contract parses them.
        let translation = locales::find(lang).and_then(|json| serde_json::from_str(json).ok());
        let catalog = Catalog::new(form.texts.clone(), translation);
        Self::new(without_register(lang), catalog)
    }

    fn new(lang: &str, catalog: Catalog<Value>) -> Self {
        Self { lang: lang.to_owned(), formats: Formats::of(lang), catalog }
    }

    /// Returns the language tag for HTML.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// Returns the value of the HTML attribute `dir`, if it is not the default.
    pub fn dir(&self) -> Option<&'static str> {
        is_right_to_left(&self.lang).then_some("rtl")
    }

    /// Returns `rtl` or `ltr`.
    pub fn direction(&self) -> &'static str {
        self.dir().unwrap_or("ltr")
    }

    /// Returns the hint with the pattern of dates and an example.
    pub(crate) fn date_example(&self) -> String {
        let example = DateNotation::of(&self.lang).write("30", "09", "2026");
        let values = [("pattern", &*self.date_pattern()), ("example", &example)];
        self.fill(MessageKey::DateExample, &values)
    }

    /// Returns the message in this language.
    pub fn say(&self, message: impl Message) -> String {
        self.catalog.say(message)
    }

    /// Returns the words for a box that is ticked and for one that is not.
    pub fn yes_and_no(&self) -> [String; 2] {
        [PageMessageKey::Yes, PageMessageKey::No].map(|key| self.say(key))
    }

    /// Returns the message with its placeholders filled in.
    pub fn fill(&self, message: impl Message, values: &[(&str, &str)]) -> String {
        fill(&self.say(message), values)
    }

    /// Returns the units of sizes: one byte, several bytes, kilobytes and megabytes.
    fn size_units(&self) -> [&'static str; 4] {
        match primary_language(&self.lang) {
            "ar" => ["بايت", "بايت", "كيلوبايت", "ميغابايت"],
            "de" => ["Byte", "Bytes", "kB", "MB"],
            "fr" => ["octet", "octets", "ko", "Mo"],
            _ => ["byte", "bytes", "kB", "MB"],
        }
    }
}

impl Language for Localizer {
    fn template(&self, code: Code) -> String {
        self.say(code)
    }

    fn count(&self, count: u64) -> String {
        self.number(&count.to_string())
    }

    fn number(&self, digits: &str) -> String {
        self.formats.number(digits)
    }

    fn bytes(&self, bytes: u64) -> String {
        let [byte, several_bytes, kilobyte, megabyte] = self.size_units();
        let (digits, unit) = size(bytes);
        let unit = match unit {
            SizeUnit::Byte if bytes == 1 => byte,
            SizeUnit::Byte => several_bytes,
            SizeUnit::Kilobyte => kilobyte,
            SizeUnit::Megabyte => megabyte,
        };
        format!("{}\u{a0}{unit}", self.number(&digits))
    }

    fn day(&self, day: CalendarDate) -> String {
        self.formats.day(day)
    }

    fn date_pattern(&self) -> String {
        DateNotation::of(&self.lang).pattern(&self.say(MessageKey::DateLetters))
    }

    fn message(&self, key: MessageKey) -> String {
        self.say(key)
    }

    fn plural_message(&self, key: MessageKey, count: usize) -> String {
        self.catalog.say_plural(key, self.formats.plural_category(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn localizer(lang: &str) -> Localizer {
        let mut form = PublicDefinition::new("F", Vec::new());
        form.lang = Some(lang.to_owned());
        form.texts = vec![("back".to_owned(), "«».".to_owned())];
        Localizer::of(&form)
    }

    #[test]
    fn writes_sizes_in_the_format_of_the_language() {
        for (lang, expected) in [
            ("en", "1.5\u{a0}MB"),
            ("de-AT", "1,5\u{a0}MB"),
            ("fr", "1,5\u{a0}Mo"),
            ("tlh", "1.5\u{a0}MB"),
        ] {
            assert_eq!(localizer(lang).bytes(1_550_000), expected, "{lang}");
        }
        assert_eq!(localizer("fr").bytes(1), "1\u{a0}octet");
        assert_eq!(Localizer::english().bytes(820), "820\u{a0}bytes");
    }

    #[test]
    fn writes_numbers_in_the_format_of_the_language() {
        for (lang, expected) in [
            ("en", "12,345.50"),
            ("de", "12.345,50"),
            ("de-AT", "12\u{a0}345,50"),
            ("fr", "12\u{202f}345,50"),
            ("ar-EG", "١٢٬٣٤٥٫٥٠"),
            ("tlh", "12,345.50"),
        ] {
            assert_eq!(localizer(lang).number("12345.50"), expected, "{lang}");
        }
        assert_eq!(Localizer::english().count(20_000), "20,000");
        assert_eq!(Localizer::english().number("-0.5"), "-0.5");
        assert_eq!(Localizer::english().number("many"), "many");
    }

    #[test]
    fn writes_days_in_the_words_of_the_language() {
        let day = "2027-01-15".parse().unwrap();
        for (lang, expected) in [
            ("en", "Friday, January 15, 2027"),
            ("en-GB", "Friday, 15 January 2027"),
            ("de", "Freitag, 15. Januar 2027"),
            ("de-AT", "Freitag, 15. Jänner 2027"),
            ("de-informal", "Freitag, 15. Januar 2027"),
            ("fr", "vendredi 15 janvier 2027"),
            ("es", "viernes, 15 de enero de 2027"),
            ("pt-BR", "sexta-feira, 15 de janeiro de 2027"),
            ("ar", "الجمعة، 15 يناير 2027"),
            ("nl", "vrijdag 15 januari 2027"),
            ("tlh", "2027-01-15"),
        ] {
            assert_eq!(localizer(lang).day(day), expected, "{lang}");
        }
    }

    #[test]
    fn counts_files_in_the_plural_of_the_language() {
        let hint = |lang: &str, count| localizer(lang).files_hint(count, 5_000_000);
        assert!(hint("en", 1).ends_with("; only 1 file, under 5\u{a0}MB"));
        assert!(hint("de", 3).ends_with("; höchstens 3 Dateien, insgesamt unter 5\u{a0}MB"));
        assert!(hint("ar", 2).contains("ملفان"));
        assert!(hint("ar", 11).contains("ملفًا"));
    }

    #[test]
    fn uses_the_authors_messages_then_those_of_the_language_then_english() {
        let klingon = localizer("tlh");
        assert_eq!((klingon.lang(), klingon.dir()), ("tlh", None));
        assert_eq!(
            (klingon.say(MessageKey::Back), klingon.say(MessageKey::Submit)),
            ("«».".into(), "Send".into())
        );
        assert_eq!(localizer("ar").dir(), Some("rtl"));
        assert_eq!(localizer("pt-BR").say(MessageKey::Submit), "Enviar");
        let informal = localizer("de-informal");
        assert_eq!(informal.lang(), "de");
        assert_eq!(informal.say(MessageKey::SuccessMessage), "Deine Anfrage ist angekommen.");
    }
}
