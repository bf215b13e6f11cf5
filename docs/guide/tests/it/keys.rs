//! Tests that the guide documents every key in form files. The code that reads form files lists all
//! keys when it finds an unknown key.

use deal_contract::definition::{ChoiceControl, FlagControl, FormDefinition, PageProperty};
use deal_contract::kind::Kind;
use guide::{page, rows, section};

use crate::assert_names_all;

/// An unknown key. It resembles no other key, so the error lists all keys and suggests none of them.
const UNKNOWN: &str = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

fn known_keys(toml: &str) -> Vec<String> {
    let mistakes = FormDefinition::from_toml(&toml.replace('?', UNKNOWN)).unwrap_err().to_string();
    let begin = format!("unknown key `{UNKNOWN}`; use ");
    let list = mistakes.lines().find_map(|line| line.split_once(&begin)).map(|(_, list)| list);
    let list = list.unwrap_or_else(|| panic!("no list of keys in: {mistakes}"));
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[track_caller]
fn check(heading: &str, toml: &str) {
    let page = page("form-keys.md");
    let known = known_keys(toml);
    assert_names_all(known.iter().map(String::as_str), rows(section(&page, heading)));
}

#[test]
fn documents_every_key_of_a_form() {
    check("## The form", "? = 1");
    check("## `[[step]]`", "[[step]]\n? = 1");
    check("## `[[hidden]]`", "[[hidden]]\n? = 1");
    check("## `[proof]`", "[proof]\n? = true");
    check("## `[[route]]`", "[[route]]\n? = 1");
    check("## `[translation]`", "[translation.de]\n? = 1");
}

#[test]
fn documents_every_key_of_a_field() {
    check("## `[[field]]`", "[[field]]\n? = 1");
    let note = "[[field]]\nparameter = 'note'\n[translation.de.field.note]\n? = 1";
    check("## Translated fields", note);
    check("## Conditions", "[[field]]\nshow_when = { ? = 1 }");
    check("## `options`", "[[field]]\ncustom_field = 'a'\nkind = 'choice'\noptions = [{ ? = 1 }]");
}

#[test]
fn documents_every_kind_control_and_page_property() {
    let page = page("form-keys.md");
    assert_names_all(Kind::ALL.map(Kind::as_str), rows(section(&page, "## Kinds")));
    let field = section(&page, "## `[[field]]`");
    let hidden = section(&page, "## `[[hidden]]`");
    let choice = ChoiceControl::ALL.map(ChoiceControl::as_str);
    for control in choice.into_iter().chain(FlagControl::ALL.map(FlagControl::as_str)) {
        assert!(field.contains(&format!("`\"{control}\"`")), "{control}");
    }
    for property in PageProperty::ALL.map(PageProperty::as_str) {
        assert!(hidden.contains(&format!("`\"{property}\"`")), "{property}");
    }
}
