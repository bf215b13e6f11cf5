//! The translations of all [messages](crate::messages): one file per language in
//! `contract/locales`.

use crate::messages::catalog_name;

/// Each language with its translation: a JSON object with the text for each key.
const TRANSLATIONS: [(&str, &str); 6] = [
    ("ar", include_str!("../locales/ar.json")),
    ("de", include_str!("../locales/de.json")),
    ("de-informal", include_str!("../locales/de-informal.json")),
    ("es", include_str!("../locales/es.json")),
    ("fr", include_str!("../locales/fr.json")),
    ("pt", include_str!("../locales/pt.json")),
];

/// Returns the names of the translations. English does not need one. `de-informal` is informal German.
pub fn languages() -> impl Iterator<Item = &'static str> {
    TRANSLATIONS.iter().map(|(language, _)| *language)
}

/// Returns the translation for a language tag as JSON, or `None` for English and for languages
/// without a translation.
///
/// ```
/// assert!(deal_contract::locales::find("de-AT").is_some_and(|json| json.contains("Senden")));
/// assert_eq!(deal_contract::locales::find("en"), None);
/// ```
pub fn find(tag: &str) -> Option<&'static str> {
    let name = catalog_name(tag);
    let known = |(known, _): &&(&str, &str)| name.eq_ignore_ascii_case(known);
    TRANSLATIONS.iter().find(known).map(|(_, json)| *json)
}
