//! The language of a form: its messages and the formats of numbers.

use deal_contract::attachments::size_text;
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

/// Writes the messages of pages and refusals in the language of a form.
#[derive(Debug)]
pub struct Localizer {
    lang: String,
    catalog: Catalog<Value>,
}

/// The decimal sign, and the units that [`size_text`] writes as `byte`, `bytes`, `kB` and `MB`.
struct Sizes(&'static str, [&'static str; 4]);

impl Localizer {
    /// Creates the localizer for English, for responses that do not belong to a form.
    pub fn english() -> Self {
        Self { lang: "en".to_owned(), catalog: Catalog::new(Vec::new(), None) }
    }

    /// Creates the localizer for a form's language. If the language has no translation, the messages
    /// are English, except those that the author has replaced.
    pub fn of(form: &PublicDefinition) -> Self {
        let Some(lang) = &form.lang else {
            return Self { catalog: Catalog::new(form.texts.clone(), None), ..Self::english() };
        };
        // The catalogs are compiled in, and a test in the contract parses them.
        let translation = locales::find(lang).and_then(|json| serde_json::from_str(json).ok());
        let catalog = Catalog::new(form.texts.clone(), translation);
        Self { catalog, lang: without_register(lang).to_owned() }
    }

    /// Returns the language tag for HTML.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// Returns the value of the HTML attribute `dir`, if it is not the default.
    pub fn dir(&self) -> Option<&'static str> {
        is_right_to_left(&self.lang).then_some("rtl")
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

    fn sizes(&self) -> Sizes {
        match self.lang.split('-').next().unwrap_or_default() {
            "ar" => Sizes(".", ["بايت", "بايت", "كيلوبايت", "ميغابايت"]),
            "de" => Sizes(",", ["Byte", "Bytes", "kB", "MB"]),
            "es" | "pt" => Sizes(",", ["byte", "bytes", "kB", "MB"]),
            "fr" => Sizes(",", ["octet", "octets", "ko", "Mo"]),
            _ => Sizes(".", ["byte", "bytes", "kB", "MB"]),
        }
    }
}

impl Language for Localizer {
    fn template(&self, code: Code) -> String {
        self.say(code)
    }

    fn count(&self, count: u64) -> String {
        count.to_string()
    }

    fn number(&self, digits: &str) -> String {
        let Sizes(sign, _) = self.sizes();
        digits.replace('.', sign)
    }

    fn bytes(&self, bytes: u64) -> String {
        let english = size_text(bytes);
        let (number, unit) = english.split_once(' ').unwrap_or((&english, ""));
        let Sizes(sign, [byte, bytes, kilo, mega]) = self.sizes();
        let unit = match unit {
            "byte" => byte,
            "bytes" => bytes,
            "kB" => kilo,
            _ => mega,
        };
        format!("{}\u{a0}{unit}", number.replace('.', sign))
    }

    fn day(&self, day: CalendarDate) -> String {
        day.to_string()
    }

    fn date_pattern(&self) -> String {
        DateNotation::of(&self.lang).pattern(&self.say(MessageKey::DateLetters))
    }

    fn message(&self, key: MessageKey) -> String {
        self.say(key)
    }

    fn plural_message(&self, key: MessageKey, count: usize) -> String {
        self.catalog.say_plural(key, plural_category(&self.lang, count))
    }
}

/// Returns the plural category of a number of files (CLDR 47, cardinal rules).
fn plural_category(lang: &str, count: usize) -> &'static str {
    match (primary_language(lang), count) {
        ("ar", 0) => "zero",
        ("ar", 2) => "two",
        ("ar", 3..=10) => "few",
        ("ar", 11..=99) => "many",
        (_, 1) | ("fr" | "pt", 0) => "one",
        _ => "other",
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
