use super::message::Message;
use crate::json::Json;

/// The messages of one form in one language. The author's messages override the translation, and
/// English replaces missing messages.
///
/// ```
/// use deal_contract::json::Value;
/// use deal_contract::messages::{Catalog, MessageKey};
///
/// let german: Value = serde_json::from_str(r#"{"submit": "Senden", "back": "Zurück"}"#)?;
/// let own = vec![("submit".to_owned(), "Angebot anfordern".to_owned())];
/// let catalog = Catalog::new(own, Some(german));
/// assert_eq!(catalog.say(MessageKey::Submit), "Angebot anfordern");
/// assert_eq!(catalog.say(MessageKey::Back), "Zurück");
/// assert_eq!(catalog.say(MessageKey::Next), "Continue");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Catalog<J> {
    own: Vec<(String, String)>,
    translation: Option<J>,
}

impl<J: Json> Catalog<J> {
    /// Creates a catalog from the author's messages, by their keys, and a flat object of
    /// translations.
    pub fn new(own: Vec<(String, String)>, translation: Option<J>) -> Self {
        Self { own, translation }
    }

    /// Returns the text with its `{placeholders}`.
    pub fn say(&self, message: impl Message) -> String {
        self.find(&message.key()).unwrap_or_else(|| message.english().to_owned())
    }

    /// Returns the text for a plural category of the language, such as `one` or `few`.
    pub fn say_plural(&self, message: impl Message, category: &str) -> String {
        let key = message.key();
        let exact = format!("{key}.{category}");
        let other = format!("{key}.other");
        // The author's text for all numbers overrides a translation for this category.
        let own = [&exact, &other, &key].into_iter().find_map(|key| self.own(key));
        let found =
            own.or_else(|| [&exact, &other, &key].into_iter().find_map(|key| self.translated(key)));
        found.unwrap_or_else(|| {
            let one = message.one().filter(|_| category == "one");
            one.unwrap_or_else(|| message.english()).to_owned()
        })
    }

    fn find(&self, key: &str) -> Option<String> {
        self.own(key).or_else(|| self.translated(key))
    }

    fn own(&self, key: &str) -> Option<String> {
        self.own.iter().find(|(known, _)| known == key).map(|(_, text)| text.clone())
    }

    fn translated(&self, key: &str) -> Option<String> {
        self.translation.as_ref()?.member_text(key)
    }
}

#[cfg(test)]
mod tests {
    use super::super::MessageKey;
    use super::*;
    use crate::code::Code;
    use crate::json::Value;

    #[track_caller]
    fn left(own: &[(&str, &str)], translation: &str, category: &str, expected: &str) {
        let own = own.iter().map(|&(key, text)| (key.to_owned(), text.to_owned())).collect();
        let translation: Option<Value> = serde_json::from_str(translation).unwrap();
        let catalog = Catalog::new(own, translation);
        assert_eq!(catalog.say_plural(MessageKey::CharactersLeft, category), expected);
    }

    #[test]
    fn chooses_the_message_by_plural_category() {
        left(&[], "null", "one", "{count} character left");
        left(&[], "null", "few", "{count} characters left");
        let german = r#"{"characters_left.one": "eins", "characters_left.other": "viele"}"#;
        left(&[], german, "one", "eins");
        left(&[], german, "few", "viele");
    }

    #[test]
    fn the_authors_messages_override_the_translation() {
        let german = r#"{"characters_left.one": "eins", "characters_left.other": "viele"}"#;
        left(&[("characters_left", "noch {count}")], german, "one", "noch {count}");
        left(&[("characters_left.other", "noch {count}")], german, "few", "noch {count}");
        left(&[("characters_left.one", "noch eins")], german, "one", "noch eins");
        left(&[("characters_left.one", "noch eins")], german, "other", "viele");
    }

    #[test]
    fn the_author_can_replace_the_sentence_of_a_problem() {
        let own = vec![("problems.required".to_owned(), "“{label}”, please.".to_owned())];
        let catalog = Catalog::<Value>::new(own, None);
        assert_eq!(catalog.say(Code::Required), "“{label}”, please.");
        assert_eq!(catalog.say(Code::DateDay), Code::DateDay.english());
    }
}
