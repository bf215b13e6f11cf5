//! Tests the tables that the contract determines.

use std::fmt::Write as _;

use deal_contract::attachments::FILE_TYPES;
use deal_contract::messages;
use deal_contract::parameter::{self, Audience, Group, Parameter};
use deal_contract::problem::Code;
use guide::{assert_generated, cell};

const GROUPS: [Group; 8] = [
    Group::Account,
    Group::Deal,
    Group::Pipeline,
    Group::Contact,
    Group::Company,
    Group::Owner,
    Group::Notification,
    Group::Extra,
];

#[test]
fn lists_all_parameters_of_the_contract() {
    let mut text = String::new();
    let mut written = 0;
    for group in GROUPS {
        write!(
            text,
            "\n## {group:?}\n\n| parameter | kinds of field | visitors may set it | default in the CRM | meaning |\n"
        )
        .unwrap();
        text.push_str("|---|---|---|---|---|\n");
        for row in parameter::all().filter(|row| row.group == group) {
            written += 1;
            writeln!(text, "{}", parameter_row(row)).unwrap();
        }
    }
    assert_eq!(written, parameter::all().count(), "a group is missing here");
    assert_generated("parameters.md", "parameters", &text);
}

fn parameter_row(row: &Parameter) -> String {
    let kinds: Vec<String> =
        row.kind.field_kinds().iter().map(|kind| format!("`{}`", kind.as_str())).collect();
    let visitors = match row.public {
        Audience::Visitor => "yes",
        Audience::OptIn => "`opt_in`",
        Audience::Never => "never",
    };
    let default = row.default.map(|value| format!("`{value}`")).unwrap_or_default();
    let mut meaning = row.description.to_owned();
    if let Some(yes) = row.yes {
        write!(meaning, " Yes is `{}`.", yes.as_str()).unwrap();
    }
    for switch in row.switched_off_by {
        match switch.value {
            Some(value) => {
                write!(meaning, " Ignored if `{}` is `{value}`.", switch.parameter).unwrap();
            }
            None => write!(meaning, " Ignored if `{}` is sent.", switch.parameter).unwrap(),
        }
    }
    let kinds = kinds.join(", ");
    format!("| `{}` | {kinds} | {visitors} | {default} | {} |", row.name, cell(&meaning))
}

#[test]
fn lists_all_messages_that_a_form_can_replace() {
    let mut text = "| key | in English |\n|---|---|\n".to_owned();
    let mut row = |key: &str, message: &str| {
        writeln!(text, "| `{key}` | {} |", cell(message)).unwrap();
    };
    for (key, words, one) in messages::wordable() {
        match one {
            Some(one) => {
                row(&format!("{key}.one"), one);
                row(&format!("{key}.other"), words);
            }
            None => row(&key, words),
        }
    }
    assert_generated("texts.md", "texts", &text);
}

#[test]
fn lists_all_problems_of_the_contract() {
    let mut text = "| code | what a visitor reads |\n|---|---|\n".to_owned();
    for code in Code::ALL {
        writeln!(text, "| `{}` | {} |", code.as_str(), cell(code.english())).unwrap();
    }
    assert_generated("answers.md", "problems", &text);
}

#[test]
fn lists_all_file_types_of_the_contract() {
    let mut text = "| names that end in | media types that browsers give |\n|---|---|\n".to_owned();
    for kind in FILE_TYPES {
        let endings: Vec<String> =
            kind.extensions.iter().map(|name| format!("`.{name}`")).collect();
        let types: Vec<String> = kind.media_types.iter().map(|name| format!("`{name}`")).collect();
        writeln!(text, "| {} | {} |", endings.join(", "), types.join(", ")).unwrap();
    }
    assert_generated("answers.md", "files", &text);
}
