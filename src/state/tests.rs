//! Tests, without a browser, which questions are asked, which problems are shown and which values
//! are sent.

use std::rc::Rc;
use std::sync::Arc;

use deal_contract::definition::{Condition, Field as Question, FieldKind, PublicDefinition, Step};
use deal_contract::kind::TextFormat;
use deal_contract::problem::{Code, Subject};
use deal_contract::protocol::FieldError;
use deal_contract::revision::Revision;
use deal_contract::values::CalendarDate;
use wasm_bindgen::{JsCast, JsValue};

use super::{Attachment, DraftId, Field, FormState};
use crate::locale::Locale;

fn today() -> CalendarDate {
    CalendarDate::since_1970(20_000)
}

fn text(parameter: &str) -> Question {
    Question::new(parameter, TextFormat::SingleLine, parameter)
}

fn required(question: Question) -> Question {
    Question { required: true, ..question }
}

/// Shows the question only if the answer to `parameter` is `value`.
fn only_if(parameter: &str, value: &str, question: Question) -> Question {
    Question { show_when: Some(Condition::is(parameter, &[value])), ..question }
}

fn form_of(definition: PublicDefinition) -> FormState {
    let locale = Locale::new("en".to_owned(), "", Vec::new(), None);
    let draft =
        DraftId { reference: "web-1".to_owned(), revision: Revision::before_first([0, 0, 0, 10]) };
    FormState::new(Arc::new(definition), locale, draft)
}

fn form(questions: Vec<Question>) -> FormState {
    form_of(PublicDefinition::new("Quote", questions))
}

fn field<'f>(form: &'f FormState, parameter: &str) -> &'f Field {
    let mut fields = form.fields.iter();
    fields.find(|field| field.question().parameter == parameter).unwrap()
}

fn answer(form: &FormState, parameter: &str, text: &str) {
    field(form, parameter).write(text.to_owned());
}

/// Returns an attachment. Its handle is invalid, but no code in `state` opens it.
fn file(name: &str, bytes: u64) -> Attachment {
    Attachment {
        file: Rc::new(JsValue::NULL.unchecked_into()),
        name: name.to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes,
        last_modified: 1,
    }
}

fn error(field: &str, code: Code, subject: Subject) -> FieldError {
    FieldError {
        field: field.to_owned(),
        code: Some(code),
        subject,
        limit: Subject::Nothing,
        message: "the proxy's sentence".to_owned(),
    }
}

fn index(form: &FormState, parameter: &str) -> usize {
    form.fields.iter().position(|field| field.question().parameter == parameter).unwrap()
}

/// Leaves the field.
fn leave(form: &FormState, parameter: &str) {
    form.leave(index(form, parameter), today());
}

/// Checks the field as Submit does.
fn submit(form: &FormState, parameter: &str) {
    form.submit(&[index(form, parameter)], today());
}

/// Types the text, and shows the change as before the next frame.
fn type_text(form: &FormState, parameter: &str, text: &str) {
    answer(form, parameter, text);
    form.hide_solved(today);
}

/// Returns the visible messages at the field.
fn messages(form: &FormState, parameter: &str) -> Vec<String> {
    let problems = field(form, parameter).problems();
    problems.messages.all().filter(|_| !problems.is_solved).cloned().collect()
}

fn file_names(field: &Field) -> Vec<String> {
    field.with_files(|files| files.iter().map(|file| file.name.clone()).collect())
}

#[test]
fn asks_a_question_only_while_its_condition_is_met() {
    let form = form(vec![text("color"), only_if("color", "blue", text("shade"))]);
    assert_eq!(form.asked(), [true, false]);
    answer(&form, "color", "blue");
    assert_eq!(form.asked(), [true, true]);
    answer(&form, "color", "red");
    assert_eq!(form.asked(), [true, false]);
}

#[test]
fn requires_an_answer_only_while_the_condition_is_met() {
    let mut shade = text("shade");
    shade.required_when = Some(Condition::is("color", &["blue"]));
    let form = form(vec![text("color"), shade]);
    submit(&form, "shade");
    assert_eq!(messages(&form, "shade"), [""; 0]);
    assert_eq!(form.check(today()), []);
    answer(&form, "color", "blue");
    submit(&form, "shade");
    assert_eq!(messages(&form, "shade"), ["Fill in “shade”."]);
    assert_eq!(form.check(today())[0].code, Code::Required);
}

#[test]
fn begins_with_the_default_answer() {
    let mut color = text("color");
    color.default = Some("blue".to_owned());
    let form = form(vec![color]);
    assert_eq!(form.texts(), [("color", "blue".to_owned())]);
    assert!(!form.has_typed_text());
    answer(&form, "color", "");
    assert_eq!(form.texts(), []);
    field(&form, "color").clear();
    assert_eq!(form.texts(), [("color", "blue".to_owned())]);
}

#[test]
fn shows_the_authors_message_for_a_problem() {
    let mut name = required(text("name"));
    name.messages = vec![(Code::Required, "Who are you?".to_owned())];
    let form = form(vec![name]);
    submit(&form, "name");
    assert_eq!(messages(&form, "name"), ["Who are you?"]);
    answer(&form, "name", "Ana");
    form.show_errors(&[error("name", Code::Required, Subject::Nothing)], today());
    assert_eq!(messages(&form, "name"), ["Who are you?"]);
}

#[test]
fn compares_a_condition_with_the_normalized_answer() {
    let form = form(vec![text("color"), only_if("color", "blue", text("shade"))]);
    answer(&form, "color", "  blue ");
    assert_eq!(form.asked(), [true, true]);
}

#[test]
fn keeps_the_answer_to_a_question_that_is_no_longer_asked_and_does_not_send_it() {
    let form = form(vec![text("color"), only_if("color", "blue", text("shade"))]);
    answer(&form, "color", "blue");
    answer(&form, "shade", "navy");
    assert_eq!(form.texts(), [("color", "blue".to_owned()), ("shade", "navy".to_owned())]);
    answer(&form, "color", "red");
    assert_eq!(form.texts(), [("color", "red".to_owned())]);
    answer(&form, "color", "blue");
    assert_eq!(form.texts(), [("color", "blue".to_owned()), ("shade", "navy".to_owned())]);
}

#[test]
fn skips_a_step_whose_questions_are_not_asked() {
    let questions = vec![text("color"), only_if("color", "blue", text("shade")), text("name")];
    let mut definition = PublicDefinition::new("Quote", questions);
    definition.steps = ["color", "shade", "name"]
        .map(|name| Step { title: name.to_owned(), fields: vec![name.to_owned()], show_when: None })
        .into();
    let form = form_of(definition);
    assert_eq!((form.position().next, form.position().count), (Some(2), 2));
    answer(&form, "color", "blue");
    assert_eq!((form.position().next, form.position().count), (Some(1), 3));
    form.steps.go_to(9);
    assert_eq!((form.position().step, form.position().previous), (2, Some(1)));
}

fn email() -> Question {
    Question::new("email", TextFormat::Email, "Email")
}

#[test]
fn shows_a_problem_only_after_the_visitor_has_left_the_field() {
    let form = form(vec![email()]);
    type_text(&form, "email", "mike@");
    assert_eq!(messages(&form, "email"), [""; 0]);
    leave(&form, "email");
    assert_eq!(messages(&form, "email").len(), 1);
    type_text(&form, "email", "mike@example.com");
    assert_eq!(messages(&form, "email"), [""; 0]);
}

#[test]
fn a_missing_answer_is_a_problem_only_after_submit() {
    let form = form(vec![required(text("name")), text("city")]);
    leave(&form, "name");
    assert_eq!(messages(&form, "name"), [""; 0]);
    submit(&form, "name");
    assert_eq!(messages(&form, "name"), ["Fill in “name”."]);
    type_text(&form, "name", "Mike");
    leave(&form, "name");
    type_text(&form, "name", "");
    assert_eq!(messages(&form, "name"), [""; 0]);
    leave(&form, "name");
    assert_eq!(messages(&form, "name"), ["Fill in “name”."]);
}

#[test]
fn the_sentence_of_a_problem_stays_the_same_while_the_visitor_types() {
    let form = form(vec![email()]);
    type_text(&form, "email", "mike");
    leave(&form, "email");
    let sentence = messages(&form, "email");
    for text in ["mike@", "mike@b@", "", "mike@b"] {
        type_text(&form, "email", text);
        assert!([sentence.clone(), Vec::new()].contains(&messages(&form, "email")), "{text}");
    }
}

#[test]
fn a_solved_problem_keeps_its_space_until_the_visitor_leaves_a_field() {
    let form = form(vec![email(), text("city")]);
    type_text(&form, "email", "mike");
    leave(&form, "email");
    type_text(&form, "email", "mike@example.com");
    type_text(&form, "email", "mike@example.com,,");
    let problems = field(&form, "email").problems();
    assert!(problems.is_solved && !problems.messages.is_empty());
    leave(&form, "city");
    assert!(field(&form, "email").problems().messages.is_empty());
}

#[test]
fn shows_errors_of_the_last_attempt_until_the_answer_changes() {
    let form = form(vec![text("name")]);
    answer(&form, "name", "Mike");
    let name = field(&form, "name");
    let unknown = FieldError { code: None, ..error("name", Code::Required, Subject::Nothing) };
    form.show_errors(&[unknown], today());
    assert_eq!(messages(&form, "name"), ["the proxy's sentence"]);
    assert_eq!(form.summary.get(), [(0, "the proxy's sentence".to_owned())]);
    assert!(!name.write("Mike".to_owned()));
    leave(&form, "name");
    assert_eq!(messages(&form, "name"), ["the proxy's sentence"]);
    type_text(&form, "name", "Mia");
    assert_eq!(messages(&form, "name"), [""; 0]);
}

#[test]
fn checks_only_the_questions_that_are_asked() {
    let form = form(vec![text("color"), only_if("color", "blue", required(text("shade")))]);
    assert_eq!(form.check(today()), []);
    answer(&form, "color", "blue");
    let problems = form.check(today());
    let problems: Vec<_> =
        problems.iter().map(|found| (found.field.as_str(), found.code)).collect();
    assert_eq!(problems, [("shade", Code::Required)]);
}

#[test]
fn shows_the_normalized_text_after_the_visitor_leaves_the_field() {
    let form = form(vec![text("name")]);
    answer(&form, "name", "  Mike ");
    leave(&form, "name");
    assert_eq!(field(&form, "name").answer().text, "Mike");
}

#[test]
fn sends_normalized_answers_without_empty_ones() {
    let files = Question::new("attachments", FieldKind::ATTACHMENTS, "Files");
    let form = form(vec![text("name"), text("city"), files]);
    answer(&form, "name", " Mike ");
    answer(&form, "city", "  ");
    field(&form, "attachments").add_files(vec![file("a.pdf", 3)]);
    assert_eq!(form.texts(), [("name", "Mike".to_owned())]);
}

#[test]
fn writes_answers_of_known_fields_and_returns_unknown_names() {
    let form = form(vec![text("name")]);
    let values = ["name", "nothing"].map(|name| (name.to_owned(), "x".to_owned()));
    assert_eq!(form.write(&values), ["nothing"]);
    assert_eq!(form.texts(), [("name", "x".to_owned())]);
}

#[test]
fn counts_text_as_typed_only_if_the_visitor_has_changed_it() {
    let form = form(vec![text("name"), text("city")]);
    answer(&form, "name", "Mike");
    form.fields.iter().for_each(Field::mark_initial);
    assert!(!form.has_typed_text());
    answer(&form, "city", "Bern");
    assert_eq!(form.typed_texts(), [("city".to_owned(), "Bern".to_owned())]);
    assert!(form.has_typed_text());
    // Removing text is also a change and is saved, but an empty answer is not typed text.
    answer(&form, "city", "");
    answer(&form, "name", "");
    assert_eq!(form.typed_texts(), [("name".to_owned(), String::new())]);
    assert!(!form.has_typed_text());
}

#[test]
fn lists_a_file_only_once_if_it_is_chosen_twice() {
    let form = form(vec![Question::new("attachments", FieldKind::ATTACHMENTS, "Files")]);
    let files = field(&form, "attachments");
    files.add_files(vec![file("a.pdf", 3), file("b.pdf", 3)]);
    files.add_files(vec![file("a.pdf", 3), file("a.pdf", 4)]);
    assert_eq!(file_names(files), ["a.pdf", "b.pdf", "a.pdf"]);
}

#[test]
fn replaces_an_unreadable_file_by_name_or_removes_it() {
    let form = form(vec![Question::new("attachments", FieldKind::ATTACHMENTS, "Files")]);
    let files = field(&form, "attachments");
    let lose = |name: &str| {
        let lost = error("attachments", Code::FileUnreadable, Subject::Text(name.to_owned()));
        form.show_errors(&[lost], today());
    };
    files.add_files(vec![file("a.pdf", 3), file("b.pdf", 3)]);
    lose("a.pdf");
    files.add_files(vec![file("a.pdf", 4)]);
    assert_eq!(files.with_files(|files| files.iter().map(|file| file.bytes).sum::<u64>()), 7);
    assert_eq!(file_names(files), ["b.pdf", "a.pdf"]);
    lose("b.pdf");
    files.remove_lost_files();
    submit(&form, "attachments");
    assert_eq!(file_names(files), ["a.pdf"]);
    assert_eq!(messages(&form, "attachments"), [""; 0]);
}

#[test]
fn start_over_empties_the_answers_and_begins_another_draft() {
    let form = form(vec![text("name")]);
    answer(&form, "name", "Mike");
    form.number_request();
    let draft =
        DraftId { reference: "web-2".to_owned(), revision: Revision::before_first([0, 0, 0, 11]) };
    form.start_over(draft);
    assert_eq!(form.texts(), []);
    assert!(form.is_draft("web-2"));
}
