//! The translations have the same keys and placeholders as English.

use std::collections::BTreeMap;

use deal_contract::json::Value;
use deal_contract::locales::{find, languages};
use deal_contract::messages::{Catalog, MessageKey, all, loading, primary_language};
use deal_contract::problem::Code;
use deal_contract::template::placeholders;

/// The plural categories of whole numbers in each language (CLDR 47, cardinal rules).
const CATEGORIES: [(&str, &[&str]); 6] = [
    ("ar", &["zero", "one", "two", "few", "many", "other"]),
    ("de", &["one", "other"]),
    ("de-informal", &["one", "other"]),
    ("es", &["one", "many", "other"]),
    ("fr", &["one", "many", "other"]),
    ("pt", &["one", "many", "other"]),
];

/// Texts that are the same as in English, with their languages; `*` means all languages.
const SAME: [(&str, &str); 7] = [
    ("*", "required_mark"),
    ("ar", "plain.title"),
    ("de", "plain.title"),
    ("de-informal", "plain.title"),
    ("es", "plain.title"),
    ("pt", "plain.title"),
    ("es", "plain.no"),
];

fn translation(language: &str) -> BTreeMap<String, String> {
    serde_json::from_str(find(language).unwrap()).unwrap()
}

fn sorted(template: &str) -> Vec<&str> {
    let mut names = placeholders(template);
    names.sort_unstable();
    names
}

/// Returns every key that a translation must have, with its English text.
fn expected(language: &str) -> BTreeMap<String, &'static str> {
    let (_, categories) = CATEGORIES.iter().find(|(known, _)| *known == language).unwrap();
    let mut keys = BTreeMap::new();
    for (key, english, one) in all() {
        if one.is_none() {
            keys.insert(key, english);
        } else {
            keys.extend(categories.iter().map(|category| (format!("{key}.{category}"), english)));
        }
    }
    keys
}

#[test]
fn translations_have_exactly_the_same_keys_as_english() {
    assert!(languages().eq(CATEGORIES.map(|(language, _)| language)));
    for language in languages() {
        let translated: Vec<String> = translation(language).into_keys().collect();
        let expected: Vec<String> = expected(language).into_keys().collect();
        assert_eq!(translated, expected, "{language}");
    }
}

#[test]
fn translations_have_the_same_placeholders_as_english() {
    for language in languages() {
        let expected = expected(language);
        for (key, text) in translation(language) {
            let (found, mut english) = (sorted(&text), sorted(expected[&key]));
            // The numbers zero, one and two may be words instead of a placeholder.
            if [".zero", ".one", ".two"].iter().any(|end| key.ends_with(end))
                && !found.contains(&"count")
            {
                english.retain(|name| *name != "count");
            }
            assert_eq!(found, english, "{language}: {key}: {text}");
            assert_eq!(text.matches('{').count(), found.len(), "{language}: {key}: {text}");
        }
    }
}

#[test]
fn translations_differ_from_english() {
    let same = |language: &str, key: &str| {
        SAME.iter().any(|&(known, same)| same == key && (known == "*" || known == language))
    };
    for language in languages() {
        let expected = expected(language);
        for (key, text) in translation(language) {
            assert_eq!(text == expected[&key], same(language, &key), "{language}: {key}: {text}");
        }
    }
}

#[test]
fn translations_start_with_a_space_and_end_with_a_full_stop_where_english_does() {
    for language in languages() {
        let texts = translation(language);
        for (key, english, _) in all() {
            let Some(text) = texts.get(&key) else { continue };
            assert_eq!(text.ends_with('.'), english.ends_with('.'), "{language}: {key}: {text}");
            assert_eq!(text.starts_with(' '), english.starts_with(' '), "{language}: {key}");
        }
    }
}

/// A reader of the file would not see them.
#[test]
fn translations_write_invisible_characters_as_escapes() {
    let invisible = [
        '\u{a0}', '\u{200e}', '\u{200f}', '\u{202f}', '\u{2066}', '\u{2067}', '\u{2068}',
        '\u{2069}',
    ];
    for language in languages() {
        assert_eq!(find(language).unwrap().find(invisible), None, "{language}");
    }
}

#[test]
fn informal_german_addresses_the_visitor_as_du() {
    let (formal, informal) = (translation("de"), translation("de-informal"));
    // "Sie" can also mean "they".
    let is_formal = |key: &str, text: &str| {
        key != "problems.file_total"
            && ["Sie", "Ihr", "Ihre", "Ihrer", "Ihres", "Ihnen"]
                .iter()
                .any(|word| text.split(|c: char| !c.is_alphabetic()).any(|other| other == *word))
    };
    for (key, text) in informal {
        assert!(!is_formal(&key, &text), "{key}: {text}");
        assert!(!is_formal(&key, &formal[&key]) || text != formal[&key], "{key}: {text}");
    }
    for tag in ["de-informal", "de-AT-informal"] {
        assert!(find(tag).is_some_and(|json| json.contains("Deine Anfrage ist angekommen.")));
    }
}

#[test]
fn the_sentence_during_loading_has_the_languages_of_the_translations() {
    for language in languages() {
        let (found, sentence) = loading(language);
        assert_eq!(found, primary_language(language));
        assert_ne!(sentence, loading("en").1, "{language}");
    }
}

#[test]
fn finds_the_translation_for_a_language_tag() {
    let german: Value = serde_json::from_str(find("de-CH").unwrap()).unwrap();
    let catalog = Catalog::new(vec![], Some(german));
    assert_eq!(catalog.say(MessageKey::Submit), "Senden");
    assert_eq!(catalog.say(Code::Required), "Füllen Sie „{label}“ aus.");
    assert_eq!(catalog.say_plural(MessageKey::CharactersOver, "one"), "{count} Zeichen zu viel");
    assert_eq!(find("en-GB"), None);
    assert_eq!(find("tlh"), None);
}
