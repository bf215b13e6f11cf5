//! Limits for answers, the author's sentences about problems, and initial answers.

use deal_contract::check::{Submission, Today, check};
use serde_json::json;

use super::{assert_mistakes, field, public_json};

fn amount(lines: &str) -> String {
    field(&format!("parameter = 'expected_closing_amount'\n{lines}"))
}

fn text(lines: &str) -> String {
    field(&format!("custom_field = 'x'\n{lines}"))
}

/// Returns the code and the sentence of the first problem with this answer.
#[track_caller]
fn problem(toml: &str, answer: &str) -> Option<(&'static str, String)> {
    let form = deal_contract::definition::FormDefinition::from_toml(toml)
        .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let name = form.public.fields.first().unwrap().parameter.as_str();
    let submission = Submission {
        values: vec![(name, answer)],
        files: vec![],
        today: Today::exactly("2026-01-31".parse().unwrap()),
    };
    let problem = check(&form.public, &submission).into_iter().next()?;
    Some((problem.code.as_str(), problem.sentence()))
}

#[test]
fn compares_amounts_and_ids_with_min_and_max_without_rounding() {
    let form = amount("min = 99.95\nmax = '10000'");
    assert_eq!(public_json(&form)["fields"][0]["min"], "99.95");
    assert_eq!(problem(&form, "99,95"), None);
    assert_eq!(problem(&form, "10.000,00"), None);
    assert_eq!(problem(&form, ""), None);
    let low = Some(("number_low", "Enter at least 99.95 for “L”.".to_owned()));
    assert_eq!(problem(&form, "99.94999999999999999999"), low);
    assert_eq!(problem(&form, "1.2.3"), low);
    assert_eq!(problem(&form, "10.000,01").map(|it| it.0), Some("number_high"));
    let id = field("parameter = 'contact_id'\nopt_in = true\nmax = 9223372036854775806");
    assert_eq!(problem(&id, "9223372036854775807").map(|it| it.0), Some("number_high"));
    assert_mistakes(
        &amount("min = 5\nmax = 4.5"),
        &["6:7: `min` (5) is above `max` (4.5); swap them"],
    );
    assert_mistakes(
        &amount("min = 'today'"),
        &["5:7: `min` takes a number in digits, such as 10000 or 99.95"],
    );
    assert_mistakes(
        &text("min = 'today'"),
        &["5:7: a field of this kind cannot have `min`; remove it"],
    );
}

#[test]
fn requires_a_minimum_length() {
    let form = text("min_length = 3\nmax_length = 5");
    assert_eq!(problem(&form, "äöü"), None);
    let short = "Write at least 3 characters for “L”; it has 2 now.".to_owned();
    assert_eq!(problem(&form, "äö"), Some(("text_short", short)));
    assert_mistakes(
        &text("min_length = 6\nmax_length = 5"),
        &["5:14: `min_length` (6) is above the maximum length (5); change one of them"],
    );
    assert_mistakes(
        &field("custom_field = 'x'\nkind = 'flag'\nmin_length = 6"),
        &["6:14: a field of this kind cannot have `min_length`; remove it"],
    );
}

const MESSAGE: &str = "messages = { text_pattern = 'Five digits, please.' }";

#[test]
fn a_pattern_must_match_the_whole_answer_and_needs_a_message() {
    let form = text(&format!("pattern = '[0-9]{{5}}'\n{MESSAGE}"));
    assert_eq!(problem(&form, "10115"), None);
    let mismatch = Some(("text_pattern", "Five digits, please.".to_owned()));
    assert_eq!(problem(&form, "D-10115"), mismatch);
    assert_mistakes(
        &text(&format!("pattern = '^[0-9]+$'\n{MESSAGE}")),
        &["5:11: `pattern` cannot be used: a pattern matches the whole answer; remove `^`"],
    );
    assert_mistakes(
        &text("pattern = '[0-9]+'"),
        &[
            "5:11: `pattern` needs a message, because visitors do not see the pattern: add one under [field.messages], such as text_pattern = \"Enter the five digits of your postcode.\"",
        ],
    );
    assert_mistakes(
        &field("parameter = 'note'\npattern = 'a'"),
        &["5:11: only a field for one line of text can have `pattern`; remove it"],
    );
}

#[test]
fn uses_the_authors_messages_for_the_problems_of_a_field() {
    let form = text("required = true\n[field.messages]\nrequired = 'Who are you, {label}?'");
    assert_eq!(problem(&form, ""), Some(("required", "Who are you, L?".to_owned())));
    assert_eq!(
        public_json(&form)["fields"][0]["messages"],
        json!({"required": "Who are you, {label}?"})
    );
    assert_mistakes(
        &text(
            "[field.messages]\nrequird = 'x'\nemail_format = 'x'\nrequired = '{limit}'\ntext_line = 5",
        ),
        &[
            "6:1: this field cannot have the problem `requird`; did you mean `required`?",
            "7:1: this field cannot have the problem `email_format`; use `required`, `text_control`, `text_length`, `text_short`, `text_line` or `text_pattern`",
            "8:12: `required` does not support the placeholder `{limit}`; use `{label}`",
            "9:13: `text_line` takes text in quotes",
        ],
    );
}

#[test]
fn checks_the_default_as_an_answer() {
    let default = |toml: &str| public_json(toml)["fields"][0]["default"].clone();
    assert_eq!(default(&text("default = ' a '")), "a");
    assert_eq!(default(&amount("default = 99.5")), "99.5");
    assert_eq!(default(&field("custom_field = 'x'\nkind = 'flag'\ndefault = true")), "1");
    assert_eq!(
        default(&field("custom_field = 'x'\nkind = 'date'\ndefault = 2026-01-31")),
        "2026-01-31"
    );
    assert_mistakes(
        &amount("min = 100\ndefault = 99.5"),
        &["6:11: `default` is not a valid answer: Enter at least 100 for “L”."],
    );
    assert_mistakes(
        &field("custom_field = 'x'\nkind = 'choice'\noptions = ['a']\ndefault = 'b'"),
        &["7:11: `default` is not a valid answer: Select one of the options for “L”."],
    );
    assert_mistakes(
        &field("custom_field = 'x'\nkind = 'flag'\nrequired = true\ndefault = true"),
        &["7:11: the visitor has to tick a required box; remove `default` or `required`"],
    );
    assert_mistakes(
        &field("parameter = 'attachments'\ndefault = 'a.pdf'"),
        &["5:11: a field of this kind cannot have `default`; remove it"],
    );
}

#[test]
fn an_address_cannot_tick_a_box_or_add_files() {
    assert_eq!(public_json(&text("prefill = 'name'"))["fields"][0]["prefill"], "name");
    assert_mistakes(
        &field("custom_field = 'x'\nkind = 'flag'\nprefill = 'x'"),
        &[
            "6:11: a field of this kind cannot have `prefill`: only the visitor may tick a box; remove it",
        ],
    );
    assert_mistakes(
        &field("parameter = 'attachments'\nprefill = 'x'"),
        &[
            "5:11: a field of this kind cannot have `prefill`: an address cannot contain files; remove it",
        ],
    );
}
