//! Presets that contain answers.

use deal_contract::definition::{self, AnswerWords, FormDefinition};

use super::assert_mistakes;

/// Returns a form with several kinds of questions, a hidden value and these lines.
fn form(rest: &str) -> String {
    format!(
        r#"title = "Quote"
[[field]]
parameter = "contact_name"
label = "Your name"
[[field]]
parameter = "note"
label = "Message"
[[field]]
custom_field = "size"
kind = "choice"
label = "What size?"
options = [{{ value = "s", label = "Small" }}, {{ value = "l", label = "Large" }}]
[[field]]
custom_field = "consent"
kind = "flag"
label = "I agree"
[[field]]
parameter = "attachments"
label = "Files"
[[hidden]]
custom_field = "campaign"
url_parameter = "utm_campaign"
{rest}"#
    )
}

const ANSWERS: [(&str, &str); 5] = [
    ("contact_name", "Mike"),
    ("note", "Call me."),
    ("size", "l"),
    ("consent", "2"),
    ("campaign", "spring"),
];

#[test]
fn sends_the_words_that_the_visitor_agreed_to() {
    let preset = "[presets]\nnote = \"{note}\\n\\n{consent}\"";
    let agreed = [("note", "Call me."), ("consent", "1"), ("size", "l")];
    check(preset, "note", &agreed, Some("Call me.\r\n\r\nI agree: yes (2027)"));
    let preset = "[presets.custom_fields]\nproof = '{consent}'\n[presets]\ntags = '{size}'";
    check(preset, "proof", &agreed, Some("I agree: yes (2027)"));
    let without_flag = "title = 'Call me'\n[[field]]\nparameter = 'contact_name'\nlabel = 'Name'\n\
                        [presets]\nnote = '{consent}'";
    assert_mistakes(
        without_flag,
        &[
            "6:8: `{consent}` is empty, because the form has no question of the kind `flag`; add one, or \
           remove `{consent}`",
        ],
    );
}

/// Asserts the value that the proxy sends for a parameter.
#[track_caller]
fn check(rest: &str, parameter: &str, answers: &[(&str, &str)], expected: Option<&str>) {
    let form =
        FormDefinition::from_toml(&form(rest)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let answer = |name: &str| answers.iter().find(|(known, _)| *known == name).map(|a| a.1);
    let words = AnswerWords { yes: "yes", no: "no" };
    let consent = form.private.consent_questions().map_or_else(String::new, |questions| {
        definition::consent(&form.public, questions, answer, words, "2027")
    });
    let values = form.private.values(&form.public, answer, words, &consent);
    let sent = values.iter().find(|(name, _)| *name == parameter).map(|(_, value)| value.as_str());
    assert_eq!(sent, expected);
}

#[test]
fn names_a_deal_after_the_visitor() {
    let preset = "[presets]\nname = 'Quote for {company_name|contact_name}'";
    assert_mistakes(
        &form(preset),
        &[
            "24:8: the form has no question `company_name`; did you mean `contact_name`? (for a brace, write `{{`)",
        ],
    );
    let preset = "[presets]\nname = 'Quote for { campaign | contact_name }'";
    check(preset, "name", &ANSWERS, Some("Quote for spring"));
    check(preset, "name", &[("contact_name", "Mike")], Some("Quote for Mike"));
    check(preset, "name", &[], Some(""));
}

#[test]
fn sends_answers_for_custom_fields_in_the_note() {
    check(
        "",
        "note",
        &ANSWERS,
        Some("Call me.\r\n\r\nWhat size? Large\r\nI agree: no\r\ncampaign: spring"),
    );
    check("", "note", &[("size", "s")], Some("What size? Small"));
    check("", "note", &[("contact_name", "Mike")], Some(""));
}

#[test]
fn sends_the_authors_note_instead_of_the_default_note() {
    check("[presets]\nnote = '{note}'", "note", &ANSWERS, Some("Call me."));
    let all = "[presets]\nnote = '''{answers}'''";
    let expected = "Your name: Mike\r\nMessage: Call me.\r\nWhat size? Large\r\nI agree: no";
    check(all, "note", &ANSWERS, Some(expected));
    let custom = "[presets]\nnote = \"{note}\\n\\nFrom {campaign}\\n{custom_fields}\"";
    let expected =
        "Call me.\r\n\r\nFrom spring\r\nWhat size? Large\r\nI agree: no\r\ncampaign: spring";
    check(custom, "note", &ANSWERS, Some(expected));
}

#[test]
fn does_not_repeat_an_answer_in_the_note_if_another_preset_contains_it() {
    let preset = "[presets]\nname = '{contact_name}, {size}'";
    check(preset, "name", &ANSWERS, Some("Mike, Large"));
    check(preset, "note", &ANSWERS, Some("Call me.\r\n\r\nI agree: no\r\ncampaign: spring"));
    let preset = "[presets]\nname = '{contact_name}, {size}, {consent}, {campaign}'";
    check(preset, "note", &ANSWERS, None);
}

#[test]
fn keeps_an_answer_in_the_note_if_another_preset_may_omit_it() {
    let preset = "[presets]\nname = '{contact_name|size}'";
    check(
        preset,
        "note",
        &ANSWERS,
        Some("Call me.\r\n\r\nWhat size? Large\r\nI agree: no\r\ncampaign: spring"),
    );
    // The CRM may not know this custom field either.
    let preset = "[presets.custom_fields]\nsummary = '{size}'";
    check(
        preset,
        "note",
        &ANSWERS,
        Some("Call me.\r\n\r\nWhat size? Large\r\nI agree: no\r\ncampaign: spring"),
    );
}

#[test]
fn does_not_change_the_note_if_the_crm_creates_the_fields() {
    check("[presets]\nauto_create_custom_fields = true", "note", &ANSWERS, None);
    let note = Some("Call me.\r\n\r\nWhat size? Large\r\nI agree: no\r\ncampaign: spring");
    check("[presets]\nauto_create_custom_fields = false", "note", &ANSWERS, note);
}

#[test]
fn writes_a_doubled_brace_as_a_single_brace() {
    check("[presets]\nname = '{{{contact_name}}}'", "name", &ANSWERS, Some("{Mike}"));
    check("[presets]\nname = '{{x}}'", "name", &[], Some("{x}"));
}

#[test]
fn reports_an_invalid_placeholder_or_an_unpaired_brace() {
    for (value, mistake) in [
        (
            "{contact_nam}",
            "the form has no question `contact_nam`; did you mean `contact_name`? (for a brace, write `{{`)",
        ),
        (
            "{}",
            "the form has no question ``; use `contact_name`, `note`, `size`, `campaign`, `answers`, `custom_fields` or `consent` (for a brace, write `{{`)",
        ),
        (
            "{attachments}",
            "the form has no question `attachments`; use `contact_name`, `note`, `size`, `campaign`, `answers`, `custom_fields` or `consent` (for a brace, write `{{`)",
        ),
        ("{contact_name", "`{` is unpaired (for a brace, write `{{`)"),
        ("contact_name}", "`}` is unpaired (for a brace, write `}}`)"),
    ] {
        assert_mistakes(
            &form(&format!("[presets]\nname = '{value}'")),
            &[&format!("24:8: {mistake}")],
        );
    }
}

#[test]
fn rejects_answers_in_presets_that_are_not_text_or_affect_more_than_the_visitors_deal() {
    for (name, why) in [
        ("owner_email", "its value is not text"),
        ("stage", "it affects more than the visitor's own deal"),
        ("expected_closing_date", "its value is not text"),
    ] {
        assert_mistakes(
            &form(&format!("[presets]\n{name} = '{{contact_name}}'")),
            &[&format!("24:{}: `{name}` cannot contain answers: {why}", name.len() + 4)],
        );
    }
}

#[test]
fn a_preset_for_a_fields_parameter_must_contain_the_fields_answer() {
    assert_mistakes(&form("[presets]\nnote = 'x {note}'"), &[]);
    assert_mistakes(
        &form("[presets]\nnote = 'x'"),
        &["24:1: `note` is in this form twice; remove one"],
    );
    assert_mistakes(
        &form("[presets]\nnote = '{contact_name}'"),
        &["24:1: `note` is in this form twice; remove one"],
    );
}
