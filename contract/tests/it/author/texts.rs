//! The language of a form, and its author's own words.

use serde_json::json;

use super::{field, mistakes, public};

fn form(lines: &str) -> String {
    format!("title = 'F'\n{lines}\n[[field]]\nparameter = 'note'\nlabel = 'N'\n")
}

#[test]
fn a_form_says_its_language_and_its_own_words() {
    let json = public(&form(
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
fn a_form_of_no_language_says_nothing_of_it() {
    let json = public(&field("parameter = 'note'"));
    for key in ["lang", "texts", "steps", "hidden"] {
        assert_eq!(json.get(key), None, "{key}");
    }
}

#[test]
fn a_text_that_nobody_says_is_a_mistake() {
    mistakes(
        &form("[texts]\nsubmitt = 'x'\nproblems.requird = 'x'\nsomething_else_entirely = 'x'"),
        &[
            "3:1: there is no text `submitt`; did you mean `submit`?",
            "4:10: there is no text `problems.requird`; did you mean `problems.required`?",
            "5:1: there is no text `something_else_entirely`; `deal-proxy texts` lists all",
        ],
    );
    mistakes(
        &form("[texts]\nsubmit.one = 'x'\ncharacters_left.some = 'x'\nnext = ''\nback = 5"),
        &[
            "3:8: there is no text `submit.one`; `deal-proxy texts` lists all",
            "4:17: there is no text `characters_left.some`; did you mean `characters_left`?",
            "5:8: `next` is empty; write a text or leave it out",
            "6:8: `back` takes a text in quotes, but here is a number",
        ],
    );
}

#[test]
fn a_word_that_a_text_cannot_have_is_a_mistake() {
    mistakes(
        &form("[texts]\nsent_of = '{sent} of {all}'\nsubmit = 'Send {it}'"),
        &[
            "3:11: `sent_of` has no place `{all}`; there are `{sent}` and `{total}`",
            "4:10: `submit` has no place `{it}`; it has no places for words",
        ],
    );
}

#[test]
fn a_language_is_a_tag() {
    for good in ["de", "pt-BR", "zh-Hant-TW", "es-419"] {
        mistakes(&form(&format!("lang = '{good}'")), &[]);
    }
    for bad in ["d", "German language", "de_DE", "de-", "4u", "-de"] {
        mistakes(
            &form(&format!("lang = '{bad}'")),
            &["2:8: `lang` takes a language's tag, such as \"de\" or \"pt-BR\""],
        );
    }
}
