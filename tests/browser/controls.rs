//! The tests that every kind of control must pass.

use deal_contract::definition::PublicDefinition;
use deal_contract::definition::{
    Choice, ChoiceControl, ChoicesControl, Field, FieldKind, FlagControl,
};
use deal_contract::kind::TextFormat;
use deal_contract::values::FlagValue;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use crate::page::{Page, file, focused, settle};

/// A control for a required field, and how a visitor answers.
struct Case {
    parameter: &'static str,
    kind: FieldKind,
    answer: Answer,
}

enum Answer {
    Type(&'static str),
    Click(&'static str),
    DropFile(&'static str),
}

/// Returns a case for each kind with each of its controls.
fn cases() -> Vec<Case> {
    let text = |parameter, format, typed| Case {
        parameter,
        kind: FieldKind::from(format),
        answer: Answer::Type(typed),
    };
    let choice =
        |control| FieldKind::Choice { options: options(), control: Some(control), other: false };
    let choices = |control| FieldKind::Choices {
        options: options(),
        control: Some(control),
        other: false,
        min: None,
        max: None,
    };
    let flag = |control| FieldKind::Flag { yes: FlagValue::Two, control: Some(control) };
    let case = |parameter, kind, answer| Case { parameter, kind, answer };
    vec![
        text("contact_name", TextFormat::SingleLine, "Mike"),
        text("note", TextFormat::MultiLine, "One\ntwo"),
        text("contact_email", TextFormat::Email, "mike@example.com"),
        text("contact_phone", TextFormat::Phone, "030 1234567"),
        text("expected_closing_amount", TextFormat::Amount, "1,250.00"),
        text("tags", TextFormat::Tags, "relaunch, web,"),
        case("expected_closing_date", FieldKind::DATE, Answer::Type("2030-12-24")),
        case("size", choice(ChoiceControl::Select), Answer::Type("b")),
        case("size", choice(ChoiceControl::Radio), Answer::Click("[value=b]")),
        case("sizes", choices(ChoicesControl::Checkboxes), Answer::Click("[value=b]")),
        case("sizes", choices(ChoicesControl::Chips), Answer::Type("b")),
        case("create_new_stage", flag(FlagControl::Checkbox), Answer::Click("[type=checkbox]")),
        case("create_new_stage", flag(FlagControl::Switch), Answer::Click("[role=switch]")),
        case("attachments", FieldKind::ATTACHMENTS, Answer::DropFile("plan.pdf")),
    ]
}

fn options() -> Vec<Choice> {
    ["a", "b"].map(|value| Choice { value: value.to_owned(), label: value.to_owned() }).to_vec()
}

impl Case {
    /// Returns the description that a failed assertion prints.
    fn name(&self) -> String {
        format!("{} {:?}", self.parameter, self.kind)
    }

    async fn open(&self) -> Page {
        self.open_with(true).await
    }

    async fn open_with(&self, required: bool) -> Page {
        let field = Field {
            required,
            hint: Some("A hint".into()),
            ..Field::new(self.parameter, self.kind.clone(), "The question")
        };
        Page::open(PublicDefinition::new("F", vec![field])).await
    }

    async fn answer(&self, page: &Page) {
        match self.answer {
            Answer::Type(text) => page.fill(self.parameter, text).await,
            Answer::Click(control) => page.click(control).await,
            Answer::DropFile(name) => {
                page.drop_files(&[file(name, 10)]).await;
                page.wait_for(".df-file").await;
            }
        }
    }
}

/// Returns the element with the role, the state and the description: the input, or the group of
/// inputs.
fn described(page: &Page) -> Element {
    page.find("[aria-describedby]")
}

#[wasm_bindgen_test]
async fn every_control_is_labelled_by_its_question() {
    for case in cases() {
        let page = case.open().await;
        let control = described(&page);
        let label = match control.get_attribute("aria-labelledby") {
            Some(ids) => page.find(&format!("#{}", ids.split(' ').next().unwrap())),
            None => page.find(&format!("label[for='{}']", control.id())),
        };
        let text = label.text_content().unwrap();
        assert!(text.starts_with("The question"), "{}: {text}", case.name());
    }
}

#[wasm_bindgen_test]
async fn every_control_is_described_by_its_hint_and_its_problem() {
    for case in cases() {
        let page = case.open().await;
        let ids = described(&page).get_attribute("aria-describedby").unwrap();
        let texts = |ids: &str| -> Vec<_> {
            let found = ids.split(' ').map(|id| page.find(&format!("#{id}")));
            found.map(|element| element.text_content().unwrap()).collect()
        };
        assert!(texts(&ids)[0].starts_with("A hint"), "{}", case.name());
        page.submit().await;
        let problem = page.find(".df-problem").text_content().unwrap();
        assert!(!problem.is_empty(), "{}", case.name());
        let ids = described(&page).get_attribute("aria-describedby").unwrap();
        assert!(texts(&ids).contains(&problem), "{}", case.name());
    }
}

#[wasm_bindgen_test]
async fn every_control_exposes_whether_an_answer_is_required() {
    for case in cases() {
        for required in [true, false] {
            let page = case.open_with(required).await;
            let control = described(&page);
            // A file input and a group of checkboxes do not support `aria-required`, so their label
            // contains a note.
            let has_no_state = control.get_attribute("type").as_deref() == Some("file")
                || control.get_attribute("role").as_deref() == Some("group");
            let is_exposed = if has_no_state {
                page.find(".df-label").text_content().unwrap().contains("required")
            } else {
                control.get_attribute("aria-required").as_deref() == Some("true")
            };
            assert_eq!(is_exposed, required, "{}", case.name());
        }
    }
}

#[wasm_bindgen_test]
async fn every_required_control_shows_a_problem_until_it_is_answered() {
    for case in cases() {
        let page = case.open().await;
        page.submit().await;
        let control = described(&page);
        assert_eq!(page.shown(".df-problem").len(), 1, "{}", case.name());
        let invalid = control.get_attribute("aria-invalid");
        assert_eq!(invalid.as_deref(), Some("true"), "{}", case.name());

        case.answer(&page).await;
        // A solved problem is invisible.
        assert_eq!(page.shown(".df-problem:not([data-solved])"), [""; 0], "{}", case.name());
        assert_eq!(control.get_attribute("aria-invalid"), None, "{}", case.name());
    }
}

#[wasm_bindgen_test]
async fn the_summary_leads_to_every_control() {
    for case in cases() {
        let page = case.open().await;
        page.submit().await;
        page.find(".df-summary a").unchecked_into::<HtmlElement>().click();
        settle().await;
        let frame = focused().closest("[data-df-field]").unwrap();
        assert_eq!(frame, Some(page.find("[data-df-field]")), "{}", case.name());
    }
}

#[wasm_bindgen_test]
async fn every_control_can_be_submitted_with_its_answer() {
    for case in cases() {
        let page = case.open().await;
        case.answer(&page).await;
        page.submit().await;
        assert_eq!(page.shown(".df-summary"), [""; 0], "{}", case.name());
        page.wait_for(".df-activity, .df-failure").await;
    }
}
