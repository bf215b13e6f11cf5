//! Checking whole submissions.

use deal_contract::attachments::FileInfo;
use deal_contract::check::{Submission, Today, check, check_field};
use deal_contract::definition::{
    Choice, Condition, Field, FieldKind, Hidden, HiddenSource, PageProperty, PublicDefinition,
    QuestionState, Test,
};
use deal_contract::kind::TextFormat;
use deal_contract::normalize::hidden;
use deal_contract::values::FlagValue;
use proptest::prelude::*;

fn form() -> PublicDefinition {
    let text = FieldKind::Text { format: TextFormat::SingleLine, max_length: Some(10) };
    let name = Field { required: true, ..Field::new("contact_name", text, "Your name") };
    let consent = FieldKind::flag(FlagValue::Two);
    let consent = Field { required: true, ..Field::new("consent", consent, "I agree") };
    let options = vec![
        Choice { value: "s".to_owned(), label: "Small".to_owned() },
        Choice { value: "l".to_owned(), label: "Large".to_owned() },
    ];
    let size = Field::new("team_size", FieldKind::choice(options), "Team size");
    let files = FieldKind::Attachments { max_files: Some(2), max_total: Some(1_000) };
    let files = Field::new("attachments", files, "Files");
    let date = Field::new("expected_closing_date", FieldKind::DATE, "Start");
    PublicDefinition::new("Form", vec![name, consent, size, date, files])
}

fn today() -> Today {
    Today::exactly("2026-01-31".parse().unwrap())
}

fn file(name: &str, bytes: u64) -> FileInfo<'_> {
    FileInfo { name, media_type: "", bytes }
}

/// Asserts the problems, each as `field: code`.
#[track_caller]
fn assert_problems(values: &[(&str, &str)], files: &[FileInfo<'_>], problems: &[&str]) {
    assert_problems_of(&form(), values, files, problems);
}

#[track_caller]
fn assert_problems_of(
    form: &PublicDefinition,
    values: &[(&str, &str)],
    files: &[FileInfo<'_>],
    problems: &[&str],
) {
    let submission = Submission { values: values.to_vec(), files: files.to_vec(), today: today() };
    let found: Vec<String> = check(form, &submission)
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
fn accepts_a_valid_submission() {
    assert_problems(&GOOD, &[], &[]);
    let reference = ("external_reference_id", "web-0123456789abcdef0123456789abcdef");
    let more = [("team_size", "l"), ("expected_closing_date", "2024-02-29"), reference];
    assert_problems(&with(&more), &[file("a.pdf", 500), file("Ü \"q\".TXT", 499)], &[]);
}

#[test]
fn reports_all_problems_in_the_order_of_the_form() {
    assert_problems(
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
fn treats_a_blank_answer_as_missing() {
    assert_problems(&[("contact_name", "  "), ("consent", "2")], &[], &["contact_name: required"]);
}

#[test]
fn counts_characters_not_bytes() {
    assert_problems(&[("contact_name", "ääääääääää"), ("consent", "2")], &[], &[]);
    assert_problems(
        &[("contact_name", "ääääääääää!"), ("consent", "2")],
        &[],
        &["contact_name: text_length"],
    );
}

#[test]
fn counts_every_line_break_as_one_character() {
    let text = FieldKind::Text { format: TextFormat::MultiLine, max_length: Some(3) };
    let note = Field::new("note", text, "Note");
    for value in ["a\nb", "a\r\nb"] {
        assert_eq!(check_field(&note, QuestionState::Optional, value, today()), None);
    }
    assert!(check_field(&note, QuestionState::Optional, "a\r\nbc", today()).is_some());
}

#[test]
fn rejects_each_unlisted_parameter_once() {
    assert_problems(
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
    assert_problems(&with(&[("attachments", "x")]), &[], &["attachments: parameter_unknown"]);
}

#[test]
fn rejects_files_if_the_form_has_no_field_for_them() {
    let note = Field::new("note", TextFormat::SingleLine, "Note");
    let form = PublicDefinition::new("Form", vec![note]);
    let submission = Submission { values: vec![], files: vec![file("a.pdf", 1)], today: today() };
    let problems = check(&form, &submission);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code.as_str(), "parameter_unknown");
    assert_eq!(problems[0].field, "attachments[]");
}

#[test]
fn rejects_a_parameter_that_is_sent_twice() {
    assert_problems(&with(&[("contact_name", "Eve")]), &[], &["contact_name: parameter_twice"]);
    let reference = ("external_reference_id", "web-0123456789abcdef0123456789abcdef");
    assert_problems(
        &with(&[reference, reference]),
        &[],
        &["external_reference_id: parameter_twice"],
    );
}

#[test]
fn rejects_a_reference_of_another_format() {
    assert_problems(
        &with(&[("external_reference_id", "Deal656588")]),
        &[],
        &["external_reference_id: reference_shape"],
    );
}

#[test]
fn rejects_too_many_or_too_large_files() {
    assert_problems(&GOOD, &[file("a.pdf", 500), file("b.pdf", 500)], &["attachments: file_total"]);
    assert_problems(
        &GOOD,
        &[file("a.pdf", 1), file("b.pdf", 1), file("c.pdf", 1)],
        &["attachments: file_count"],
    );
    assert_problems(
        &GOOD,
        &[file("a.pdf", u64::MAX), file("b.pdf", 1)],
        &["attachments: file_total"],
    );
}

#[test]
fn caps_a_forms_file_limits_at_those_of_the_crm() {
    let files = FieldKind::Attachments { max_files: Some(u32::MAX), max_total: Some(u64::MAX) };
    assert_eq!(files.total_limit(), 100_000_000);
    assert_eq!(files.count_limit(), 20);
}

#[test]
fn names_the_file_in_the_sentence() {
    let files = vec![file("scan.png", 1)];
    let submission = Submission { values: GOOD.to_vec(), files, today: today() };
    let problems = check(&form(), &submission);
    assert_eq!(
        problems[0].sentence(),
        "“scan.png” has an image format that cannot be sent. Save it as JPG and add it again."
    );
}

/// Returns a form that shows the required field `seats` if `team_size` is `l`.
fn conditional() -> PublicDefinition {
    let mut form = form();
    let text = FieldKind::Text { format: TextFormat::SingleLine, max_length: Some(3) };
    let mut seats = Field::new("seats", text, "Seats");
    seats.required = true;
    seats.show_when = Some(Condition::is("team_size", &["l"]));
    form.fields.push(seats);
    form
}

#[test]
fn does_not_require_an_answer_to_a_hidden_question() {
    let assert_problems = |more: &[(&str, &str)], problems| {
        assert_problems_of(&conditional(), &with(more), &[], problems);
    };
    assert_problems(&[], &[]);
    assert_problems(&[("team_size", "s")], &[]);
    assert_problems(&[("team_size", "l")], &["seats: required"]);
    assert_problems(&[("team_size", "l"), ("seats", "12")], &[]);
    // A plain form sends answers to hidden questions.
    assert_problems(&[("team_size", "s"), ("seats", "12")], &[]);
    assert_problems(&[("team_size", "s"), ("seats", "1234")], &["seats: text_length"]);
}

#[test]
fn does_not_require_a_hidden_checkbox() {
    let mut form = form();
    form.fields[1].show_when = Some(Condition::is("contact_name", &["l"]));
    assert_problems_of(&form, &[("contact_name", "Mike"), ("consent", "1")], &[], &[]);
    assert_problems_of(
        &form,
        &[("contact_name", "l"), ("consent", "1")],
        &[],
        &["consent: required_flag"],
    );
    assert_problems_of(
        &form,
        &[("contact_name", "Mike"), ("consent", "x")],
        &[],
        &["consent: flag_value"],
    );
}

#[test]
fn checks_the_files_of_a_hidden_field() {
    let mut form = form();
    form.fields[4].required = true;
    form.fields[4].show_when = Some(Condition::is("team_size", &["l"]));
    let assert_problems = |size, files: &[FileInfo<'_>], problems| {
        assert_problems_of(&form, &with(&[("team_size", size)]), files, problems);
    };
    assert_problems("l", &[], &["attachments: required_file"]);
    assert_problems("s", &[], &[]);
    assert_problems("s", &[file("a.pdf", 1)], &[]);
    assert_problems(
        "s",
        &[file("a.png", 1), file("a.pdf", 999)],
        &["attachments: file_picture", "attachments: file_total"],
    );
}

#[test]
fn accepts_a_hidden_value_of_one_line_and_at_most_1000_characters() {
    let mut form = form();
    form.hidden = vec![Hidden {
        parameter: "landing_page".to_owned(),
        source: HiddenSource::Page(PageProperty::Address),
    }];
    let assert_problems = |value: &str, problems: &[&str]| {
        assert_problems_of(&form, &with(&[("landing_page", value)]), &[], problems);
    };
    assert_problems("https://example.com/?a=b", &[]);
    assert_problems("", &[]);
    assert_problems("two\nlines", &["landing_page: text_line"]);
    assert_problems("nul\0", &["landing_page: text_control"]);
    assert_problems(&"ä".repeat(1_000), &[]);
    assert_problems(&"ä".repeat(1_001), &["landing_page: text_length"]);
    let twice = with(&[("landing_page", "a"), ("landing_page", "b")]);
    assert_problems_of(&form, &twice, &[], &["landing_page: parameter_twice"]);
}

fn between(min: &str, max: &str) -> FieldKind {
    FieldKind::Date { min: Some(min.parse().unwrap()), max: Some(max.parse().unwrap()) }
}

#[test]
fn rejects_a_day_outside_the_forms_bounds() {
    let mut form = form();
    form.fields[3].kind = between("today", "today+30d");
    let assert_problems = |day: &str, problems: &[&str]| {
        assert_problems_of(&form, &with(&[("expected_closing_date", day)]), &[], problems);
    };
    assert_problems("2026-01-30", &["expected_closing_date: date_early"]);
    assert_problems("2026-01-31", &[]);
    assert_problems("2026-03-02", &[]);
    assert_problems("2026-03-03", &["expected_closing_date: date_late"]);
    assert_problems("2026-02-30", &["expected_closing_date: date_day"]);
    let problem =
        check_field(&form.fields[3], QuestionState::Optional, "2026-01-30", today()).unwrap();
    assert_eq!(problem.sentence(), "Choose a date for “Start” on or after 2026-01-31.");
}

#[test]
fn accepts_today_in_every_time_zone() {
    let date = Field::new("day", between("today", "today"), "Day");
    let problem = |day: &str, today| {
        check_field(&date, QuestionState::Optional, day, today).map(|one| one.code.as_str())
    };
    let utc = "2026-01-31".parse().unwrap();
    for (day, exactly, in_any_zone) in [
        ("2026-01-29", Some("date_early"), Some("date_early")),
        ("2026-01-30", Some("date_early"), None),
        ("2026-01-31", None, None),
        ("2026-02-01", Some("date_late"), None),
        ("2026-02-02", Some("date_late"), Some("date_late")),
    ] {
        assert_eq!(problem(day, Today::exactly(utc)), exactly, "{day}");
        assert_eq!(problem(day, Today::in_any_time_zone(utc)), in_any_zone, "{day}");
    }
}

proptest! {
    #[test]
    fn a_normalized_hidden_value_is_always_valid(value in any::<String>()) {
        let mut form = form();
        let source = HiddenSource::UrlParameter("utm_source".to_owned());
        form.hidden = vec![Hidden { parameter: "utm_source".to_owned(), source }];
        let normal = hidden(&value);
        let values = with(&[("utm_source", &normal)]);
        let submission = Submission { values, files: vec![], today: today() };
        prop_assert_eq!(check(&form, &submission), []);
    }
}

/// Creates a form that asks where visitors heard about the company.
fn form_of(kind: FieldKind) -> PublicDefinition {
    let field = Field { required: true, ..Field::new("channel", kind, "Where?") };
    PublicDefinition::new("Form", vec![field])
}

fn choices(other: bool, min: Option<u32>, max: Option<u32>) -> FieldKind {
    FieldKind::Choices { options: options(), control: None, other, min, max }
}

fn options() -> Vec<Choice> {
    ["web", "print"].map(|value| Choice { value: value.to_owned(), label: value.to_owned() }).into()
}

#[test]
fn accepts_an_unlisted_answer_only_if_the_field_allows_other() {
    for (other, problems) in [(true, &[][..]), (false, &["channel: choice_value"])] {
        let form = form_of(FieldKind::Choice { options: options(), control: None, other });
        assert_problems_of(&form, &[("channel", "A podcast")], &[], problems);
        assert_problems_of(&form, &[("channel", "web")], &[], &[]);
        let form = form_of(choices(other, None, None));
        assert_problems_of(&form, &[("channel", "web, A podcast")], &[], problems);
        assert_problems_of(&form, &[("channel", "web, print")], &[], &[]);
    }
}

#[test]
fn limits_the_number_of_choices() {
    let form = form_of(choices(true, Some(2), Some(3)));
    for (answer, problem) in [
        ("", Some("channel: required_choice")),
        ("web", Some("channel: choices_few")),
        ("web, print", None),
        ("web, print, a", None),
        ("web, print, a, b", Some("channel: choices_many")),
    ] {
        assert_problems_of(&form, &[("channel", answer)], &[], problem.as_slice());
    }
}

#[test]
fn a_condition_is_met_by_one_of_several_choices() {
    let mut form = form_of(choices(false, None, None));
    let test = Test::Is(vec!["print".to_owned()]);
    let when = Condition::Answer { parameter: "channel".to_owned(), test };
    let magazine = Field::new("magazine", TextFormat::SingleLine, "Which magazine?");
    form.fields.push(Field { show_when: Some(when), required: true, ..magazine });
    assert_problems_of(&form, &[("channel", "web")], &[], &[]);
    assert_problems_of(&form, &[("channel", "web, print")], &[], &["magazine: required"]);
}
