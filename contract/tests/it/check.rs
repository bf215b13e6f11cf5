//! What `check` says of whole submissions.

use deal_contract::attachments::FileFacts;
use deal_contract::check::{Submission, check};
use deal_contract::definition::{Choice, Field, FieldKind, PublicDefinition};
use deal_contract::values::FlagValue;

fn form() -> PublicDefinition {
    let mut name = Field::new("contact_name", FieldKind::Text, "Your name");
    name.required = true;
    name.max_length = Some(10);
    let mut consent = Field::new("consent", FieldKind::Flag, "I agree");
    consent.required = true;
    consent.yes = Some(FlagValue::Two);
    let mut size = Field::new("team_size", FieldKind::Choice, "Team size");
    size.options = vec![
        Choice { value: "s".to_owned(), label: "Small".to_owned() },
        Choice { value: "l".to_owned(), label: "Large".to_owned() },
    ];
    let mut files = Field::new("attachments", FieldKind::Attachments, "Files");
    files.max_files = Some(2);
    files.max_total = Some(1_000);
    let date = Field::new("expected_closing_date", FieldKind::Date, "Start");
    PublicDefinition::new("Form", vec![name, consent, size, date, files])
}

fn file(name: &str, bytes: u64) -> FileFacts<'_> {
    FileFacts { name, media_type: "", bytes }
}

/// Compares the problems as `field: code` lines.
#[track_caller]
fn expect(values: &[(&str, &str)], files: &[FileFacts<'_>], problems: &[&str]) {
    let submission = Submission { values: values.to_vec(), files: files.to_vec() };
    let found: Vec<String> = check(&form(), &submission)
        .iter()
        .map(|problem| format!("{}: {}", problem.field, problem.code.as_str()))
        .collect();
    assert_eq!(found, problems);
}

const GOOD: [(&str, &str); 2] = [("contact_name", "Mike"), ("consent", "2")];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    GOOD.iter().chain(more).copied().collect()
}

#[test]
fn a_good_submission_has_no_problems() {
    expect(&GOOD, &[], &[]);
    let reference = ("external_reference_id", "web-0123456789abcdef0123456789abcdef");
    let more = [("team_size", "l"), ("expected_closing_date", "2024-02-29"), reference];
    expect(&with(&more), &[file("a.pdf", 500), file("Ü \"q\".TXT", 499)], &[]);
}

#[test]
fn everything_wrong_is_named_at_once_in_the_order_of_the_form() {
    expect(
        &[("expected_closing_date", "2023-02-29"), ("team_size", "xl"), ("consent", "1")],
        &[file("a.png", 1)],
        &[
            "contact_name: required",
            "consent: required_flag",
            "team_size: choice_value",
            "expected_closing_date: date_day",
            "attachments: file_picture",
        ],
    );
}

#[test]
fn blank_is_not_an_answer() {
    expect(&[("contact_name", "  "), ("consent", "2")], &[], &["contact_name: required"]);
}

#[test]
fn length_counts_characters_not_bytes() {
    expect(&[("contact_name", "ääääääääää"), ("consent", "2")], &[], &[]);
    expect(
        &[("contact_name", "ääääääääää!"), ("consent", "2")],
        &[],
        &["contact_name: text_length"],
    );
}

#[test]
fn a_line_break_counts_once_however_it_is_sent() {
    let mut note = Field::new("note", FieldKind::LongText, "Note");
    note.max_length = Some(3);
    for value in ["a\nb", "a\r\nb"] {
        assert_eq!(deal_contract::check::check_field(&note, value), None);
    }
    assert!(deal_contract::check::check_field(&note, "a\r\nbc").is_some());
}

#[test]
fn what_the_form_does_not_list_is_refused_by_name() {
    expect(
        &with(&[
            ("key", "1"),
            ("deal_id", "7"),
            ("funnel", "x"),
            ("Contact_name", "x"),
            ("key", "2"),
        ]),
        &[],
        &[
            "key: parameter_unknown",
            "deal_id: parameter_unknown",
            "funnel: parameter_unknown",
            "Contact_name: parameter_unknown",
        ],
    );
    expect(&with(&[("attachments", "x")]), &[], &["attachments: parameter_unknown"]);
}

#[test]
fn files_are_refused_by_a_form_that_takes_none() {
    let form = PublicDefinition::new("Form", vec![]);
    let submission = Submission { values: vec![], files: vec![file("a.pdf", 1)] };
    let problems = check(&form, &submission);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code.as_str(), "parameter_unknown");
    assert_eq!(problems[0].field, "attachments[]");
}

#[test]
fn a_parameter_comes_once() {
    expect(&with(&[("contact_name", "Eve")]), &[], &["contact_name: parameter_twice"]);
    let reference = ("external_reference_id", "web-0123456789abcdef0123456789abcdef");
    expect(&with(&[reference, reference]), &[], &["external_reference_id: parameter_twice"]);
}

#[test]
fn a_strangers_reference_is_refused() {
    expect(
        &with(&[("external_reference_id", "Deal656588")]),
        &[],
        &["external_reference_id: reference_shape"],
    );
}

#[test]
fn the_files_stay_under_the_limit_together() {
    expect(&GOOD, &[file("a.pdf", 500), file("b.pdf", 500)], &["attachments: file_total"]);
    expect(
        &GOOD,
        &[file("a.pdf", 1), file("b.pdf", 1), file("c.pdf", 1)],
        &["attachments: file_count"],
    );
    expect(&GOOD, &[file("a.pdf", u64::MAX), file("b.pdf", 1)], &["attachments: file_total"]);
}

#[test]
fn a_forms_own_limits_cannot_exceed_the_crms() {
    let mut files = Field::new("attachments", FieldKind::Attachments, "Files");
    files.max_total = Some(u64::MAX);
    files.max_files = Some(u32::MAX);
    assert_eq!(files.total_limit(), 100_000_000);
    assert_eq!(files.count_limit(), 20);
}

#[test]
fn a_sentence_names_the_file_and_what_to_do() {
    let submission = Submission { values: GOOD.to_vec(), files: vec![file("scan.png", 1)] };
    let problems = check(&form(), &submission);
    assert_eq!(
        problems[0].sentence(),
        "“scan.png” is a picture of a kind that cannot be sent. Save it as JPG and add it again."
    );
}

#[test]
fn spaces_that_a_keyboard_adds_do_not_count() {
    let email = Field::new("contact_email", FieldKind::Email, "E-mail");
    assert_eq!(email.tidy(" mike@example.com "), "mike@example.com");
    let amount = Field::new("expected_closing_amount", FieldKind::Amount, "Amount");
    assert_eq!(amount.tidy("1\u{202f}250,00\u{a0}"), "1 250,00");
    let phone = Field::new("contact_phone", FieldKind::Phone, "Phone");
    assert_eq!(phone.tidy("\u{202a}0171\u{2011}123\u{a0}456\u{202c}"), "0171-123 456");
    let note = Field::new("note", FieldKind::LongText, "Note");
    assert_eq!(note.tidy("  kept\n"), "  kept\n");
}
