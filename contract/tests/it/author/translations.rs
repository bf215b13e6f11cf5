//! The author's texts in other languages: `[translation.TAG]`.

use deal_contract::definition::{FormDefinition, PublicDefinition};

use super::assert_mistakes;

const FORM: &str = r#"lang = "en"
title = "Join"
intro = "**Hello**"
submit_label = "Join"
[[field]]
custom_field = "size"
kind = "choice"
label = "Size"
hint = "Of the shirt"
options = ["S", { value = "l", label = "Large" }]
[[field]]
custom_field = "postcode"
label = "Postcode"
heading = "Address"
text = "Where you live"
pattern = "[0-9]{5}"
messages = { text_pattern = "Enter five digits.", required = "We need it." }
[[step]]
title = "Shirt"
fields = ["size"]
[[step]]
title = "You"
fields = ["postcode"]
[success]
redirect = "/thanks"
[texts]
next = "On"
characters_left.one = "one"
characters_left.other = "{count}"
"#;

/// Returns a form with a translation. The translation begins in line 30.
fn translated(lines: &str) -> String {
    format!("{FORM}{lines}")
}

#[track_caller]
fn read(toml: &str) -> FormDefinition {
    FormDefinition::from_toml(toml).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

const GERMAN: &str = r#"[translation.de]
title = "Mitmachen"
intro = "**Hallo**"
submit_label = "Los"
success_message = "*Danke*"
steps = ["Hemd", "Du"]
success.redirect = "/danke"
[translation.de.texts]
next = "Weiter geht's"
characters_left.other = "noch {count}"
[translation.de.field.size]
label = "[Größe](https://example.com/groessen)"
hint = "Des Hemds"
options = ["Klein", "Groß"]
[translation.de.field.postcode]
label = "PLZ"
heading = "Adresse"
text = "Wo du wohnst"
messages = { text_pattern = "Gib fünf Ziffern ein.", required = "Wir brauchen sie." }
"#;

#[test]
fn a_complete_translation_replaces_every_text_and_keeps_every_value() {
    let form = read(&translated(GERMAN));
    let [german] = &form.translations[..] else { panic!("{:?}", form.translations) };
    assert_eq!(german.missing, Vec::<String>::new());
    let expected = r#"lang = "de"
title = "Mitmachen"
intro = "**Hallo**"
submit_label = "Los"
success_message = "*Danke*"
[[field]]
custom_field = "size"
kind = "choice"
label = "[Größe](https://example.com/groessen)"
hint = "Des Hemds"
options = [{ value = "S", label = "Klein" }, { value = "l", label = "Groß" }]
[[field]]
custom_field = "postcode"
label = "PLZ"
heading = "Adresse"
text = "Wo du wohnst"
pattern = "[0-9]{5}"
messages = { required = "Wir brauchen sie.", text_pattern = "Gib fünf Ziffern ein." }
[[step]]
title = "Hemd"
fields = ["size"]
[[step]]
title = "Du"
fields = ["postcode"]
[success]
redirect = "/danke"
[texts]
next = "Weiter geht's"
characters_left.other = "noch {count}"
"#;
    let mut expected = read(expected).public;
    // The order of messages has no meaning.
    expected.fields[1].messages = german.public.fields[1].messages.clone();
    assert_eq!(german.public, expected);
    // The form itself does not change, and its JSON has no translations.
    assert_eq!(form.public, read(FORM).public);
    assert_eq!(form.private, read(FORM).private);
    assert!(!serde_json::to_string(&form.public).unwrap().contains("Mitmachen"));
}

#[test]
fn names_the_texts_without_a_translation_and_shows_those_of_the_form() {
    let form = read(&translated("[translation.de.field.size]\nlabel = 'Größe'"));
    let german = &form.translations[0];
    let missing = [
        "title",
        "intro",
        "submit_label",
        "texts.next",
        "texts.characters_left.one",
        "texts.characters_left.other",
        "steps",
        "field.size.hint",
        "field.size.options",
        "field.postcode",
    ];
    assert_eq!(german.missing, missing);
    let PublicDefinition { title, fields, texts, .. } = &german.public;
    assert_eq!(
        (title.as_str(), &*fields[0].label, &*fields[1].label),
        ("Join", "Größe", "Postcode")
    );
    assert_eq!(fields[1].messages, form.public.fields[1].messages);
    // The built-in German messages are better than the author's English messages.
    assert_eq!(texts, &[]);

    let british = read(&translated("[translation.en-GB]\ntexts.next = 'Onwards'"));
    let texts: Vec<&str> =
        british.translations[0].public.texts.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(texts, ["next", "characters_left.one", "characters_left.other"]);
}

#[test]
fn finds_the_definition_for_a_language_tag() {
    let form = read(&translated("[translation.de]\ntitle = 'Mitmachen'"));
    let title = |tag| form.in_language(tag).map(|form| form.title.as_str());
    assert_eq!(["de-AT", "EN", "fr"].map(title), [Some("Mitmachen"), Some("Join"), None]);
}

#[test]
fn reports_what_the_form_does_not_have() {
    assert_mistakes(
        &translated(
            "[translation.de]\ntitel = 'x'\nintro = '[x](htp:y)'\nsteps = ['a']\n\
             [translation.de.field.sice]\nlabel = 'x'\n\
             [translation.de.field.size]\nlable = 'x'\noptions = ['a', 'b', 'c']\n\
             [translation.de.field.postcode]\noptions = ['a']\nmessages = { reqired = 'x' }\n\
             [translation.de.texts]\nnexxt = 'x'\n\
             [translation.de.success]\nredirect = 'x'\nshow = ['stage']",
        ),
        &[
            "31:1: unknown key `titel`; did you mean `title`?",
            "32:9: `htp:y` cannot be the address of a link; start it with https://, mailto:, tel: or /, \
             and write spaces as %20",
            "33:9: `steps` has 1 title, but the form has 2 steps; write the title of each step, in the \
             same order",
            "34:23: this form has no field `sice`; did you mean `size`?",
            "37:1: unknown key `lable`; did you mean `label`?",
            "38:11: `options` has 3 labels, but the field has 2 options; write a label for each option, \
             in the same order",
            "40:11: this field has no options; remove `options`",
            "41:14: this field cannot have the problem `reqired`; did you mean `required`?",
            "43:1: unknown text `nexxt`; did you mean `next`?",
            "45:12: `redirect` takes an address that begins with https:// or /, without spaces; if it \
             begins with /, a placeholder cannot follow immediately",
            "46:1: unknown key `show`; use `redirect`",
        ],
    );
}

#[test]
fn reports_values_of_the_wrong_type() {
    assert_mistakes(
        &translated(
            "[translation]\nfr = 'x'\n[translation.de]\nsteps = 'a'\n\
             [translation.de.field.size]\noptions = ['a', 5]\nlabel = ''",
        ),
        &[
            "31:6: a translation must be a table, not text",
            "33:9: `steps` takes a list of texts, not text",
            "35:17: `options` takes texts in quotes",
            "36:9: `label` is empty; write some text or remove it",
        ],
    );
}

#[test]
fn a_form_with_translations_needs_its_own_language() {
    let form =
        "title = 'F'\n[[field]]\nparameter = 'note'\nlabel = 'N'\n[translation.de]\ntitle = 'F'";
    assert_mistakes(
        form,
        &[
            "5:14: a form with translations needs the language of its untranslated texts; write it at the top, \
             such as lang = \"en\"",
        ],
    );
}

#[test]
fn reports_languages_that_are_not_tags_or_that_the_form_already_has() {
    assert_mistakes(
        &translated("[translation.German_1]\n[translation.EN]\n[translation.de]\n[translation.DE]"),
        &[
            "30:14: `German_1` is not a language tag; write one such as [translation.de] or \
             [translation.pt-BR]",
            "31:14: `EN` is the language of the form's own texts (`lang`); remove this translation",
            "33:14: there are two translations for `DE`; remove one",
        ],
    );
}

#[test]
fn does_not_report_the_translation_of_a_field_that_could_not_be_read() {
    assert_mistakes(
        "lang = 'en'\ntitle = 'F'\n[[field]]\nparameter = 'nope'\nlabel = 'N'\n\
         [translation.de.field.nope]\nlabel = 'N'\n[translation.de]\nsteps = ['x']",
        &[
            "4:13: unknown parameter `nope`; did you mean `note`?",
            "9:9: this form has no steps; remove `steps`",
        ],
    );
}
