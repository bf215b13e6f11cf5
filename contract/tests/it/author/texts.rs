//! The language of a form, and the author's messages.

use serde_json::json;

use super::{assert_mistakes, field, public_json};

fn form(lines: &str) -> String {
    format!("title = 'F'\n{lines}\n[[field]]\nparameter = 'note'\nlabel = 'N'\n")
}

#[test]
fn reads_the_language_and_the_messages_of_a_form() {
    let json = public_json(&form(
        "lang = 'pt-BR'\n[texts]\nsubmit = 'Enviar'\nproblems.required = 'Falta {label}.'\n\
         [texts.characters_left]\none = 'um'\nother = '{count}'",
    ));
    assert_eq!(json["lang"], "pt-BR");
    assert_eq!(
        json["texts"],
        json!({
            "submit": "Enviar",
            "problems.required": "Falta {label}.",
            "characters_left.one": "um",
            "characters_left.other": "{count}",
        })
    );
}

#[test]
fn omits_keys_that_the_form_does_not_set() {
    let json = public_json(&field("parameter = 'note'"));
    for key in ["lang", "texts", "steps", "hidden"] {
        assert_eq!(json.get(key), None, "{key}");
    }
}

#[test]
fn reports_unknown_and_empty_messages() {
    assert_mistakes(
        &form("[texts]\nsubmitt = 'x'\nproblems.requird = 'x'\nsomething_else_entirely = 'x'"),
        &[
            "3:1: unknown text `submitt`; did you mean `submit`?",
            "4:10: unknown text `problems.requird`; did you mean `problems.required`?",
            "5:1: unknown text `something_else_entirely`; `deal-proxy texts` lists all texts",
        ],
    );
    assert_mistakes(
        &form("[texts]\nsubmit.one = 'x'\ncharacters_left.some = 'x'\nnext = ''\nback = 5"),
        &[
            "3:8: unknown text `submit.one`; `deal-proxy texts` lists all texts",
            "4:17: unknown text `characters_left.some`; did you mean `characters_left`?",
            "5:8: `next` is empty; write some text or remove it",
            "6:8: `back` takes text in quotes, not a number",
        ],
    );
}

#[test]
fn reports_an_unknown_placeholder() {
    assert_mistakes(
        &form("[texts]\nsent_of = '{sent} of {all}'\nsubmit = 'Send {it}'"),
        &[
            "3:11: `sent_of` does not support the placeholder `{all}`; use `{sent}` or `{total}`",
            "4:10: `submit` does not support the placeholder `{it}`; remove it",
        ],
    );
}

#[test]
fn accepts_only_language_tags_for_lang() {
    for good in ["de", "pt-BR", "zh-Hant-TW", "es-419"] {
        assert_mistakes(&form(&format!("lang = '{good}'")), &[]);
    }
    for bad in ["d", "German language", "de_DE", "de-", "4u", "-de"] {
        assert_mistakes(
            &form(&format!("lang = '{bad}'")),
            &["2:8: `lang` takes a language tag, such as \"de\" or \"pt-BR\""],
        );
    }
}
