//! Choices with several answers, and answers that are not an option.

use deal_contract::definition::{
    Choice, ChoiceControl, ChoicesControl, Field, FieldKind, PublicDefinition,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::page::{Page, fire, settle};

fn options() -> Vec<Choice> {
    ["Web", "Print"].map(|value| Choice { value: value.to_owned(), label: value.to_owned() }).into()
}

async fn open(kind: FieldKind) -> Page {
    let field = Field { required: true, ..Field::new("channel", kind, "Where?") };
    Page::open(PublicDefinition::new("F", vec![field])).await
}

fn choice(control: ChoiceControl) -> FieldKind {
    FieldKind::Choice { options: options(), control: Some(control), other: true }
}

fn choices(control: ChoicesControl, max: Option<u32>) -> FieldKind {
    let other = true;
    FieldKind::Choices { options: options(), control: Some(control), other, min: None, max }
}

fn line(page: &Page) -> HtmlInputElement {
    page.find("input[aria-label='Your answer']").unchecked_into()
}

/// Types a text into the line of *Other*.
async fn type_other(page: &Page, text: &str) {
    line(page).set_value(text);
    fire(&line(page), "input");
    settle().await;
}

fn ticked(page: &Page) -> Vec<String> {
    let boxes = page.all("input:checked").into_iter();
    boxes.map(|input| input.unchecked_into::<HtmlInputElement>().value()).collect()
}

#[wasm_bindgen_test]
async fn shows_the_line_for_another_answer_only_while_other_is_chosen() {
    for control in ChoiceControl::ALL {
        let page = open(choice(control)).await;
        assert!(line(&page).has_attribute("hidden"), "{control:?}");
        match control {
            ChoiceControl::Select => page.write("channel", "df-other").await,
            ChoiceControl::Radio => page.click("[value=df-other]").await,
        }
        assert!(!line(&page).has_attribute("hidden"), "{control:?}");
        match control {
            ChoiceControl::Select => page.write("channel", "Web").await,
            ChoiceControl::Radio => page.click("[value=Web]").await,
        }
        assert!(line(&page).has_attribute("hidden"), "{control:?}");
    }
}

#[wasm_bindgen_test]
async fn other_without_a_text_is_not_an_answer() {
    for control in ChoiceControl::ALL {
        let page = open(choice(control)).await;
        match control {
            ChoiceControl::Select => page.write("channel", "df-other").await,
            ChoiceControl::Radio => page.click("[value=df-other]").await,
        }
        page.submit().await;
        assert_eq!(page.shown(".df-problem"), ["Select an option for “Where?”."], "{control:?}");
        type_other(&page, "A podcast").await;
        assert_eq!(page.shown(".df-problem:not([data-solved])"), [""; 0], "{control:?}");
    }
}

#[wasm_bindgen_test]
async fn keeps_what_is_typed_for_other_while_boxes_are_ticked() {
    let page = open(choices(ChoicesControl::Checkboxes, None)).await;
    page.click("[value=df-other]").await;
    // A comma must not disappear while the visitor types.
    for typed in ["A podcast", "A podcast,", "A podcast, radio"] {
        type_other(&page, typed).await;
        assert_eq!(line(&page).value(), typed);
    }
    page.click("[value=Print]").await;
    assert_eq!(ticked(&page), ["Print", "df-other"]);
    assert_eq!(line(&page).value(), "A podcast, radio");
    page.click("[value=df-other]").await;
    assert_eq!(ticked(&page), ["Print"]);
    assert!(line(&page).has_attribute("hidden"));
}

#[wasm_bindgen_test]
async fn reports_the_maximum_and_the_number_of_selected_options() {
    let page = open(choices(ChoicesControl::Checkboxes, Some(2))).await;
    page.click("[value=Web]").await;
    page.click("[value=Print]").await;
    page.click("[value=df-other]").await;
    type_other(&page, "Radio").await;
    page.submit().await;
    let expected = "Select up to 2 options for “Where?”. You selected 3.";
    assert_eq!(page.shown(".df-problem"), [expected]);
    page.click("[value=Web]").await;
    assert_eq!(page.shown(".df-problem:not([data-solved])"), [""; 0]);
}

#[wasm_bindgen_test]
async fn suggests_the_options_for_chips() {
    let page = open(choices(ChoicesControl::Chips, None)).await;
    let input: HtmlInputElement = page.control("channel").unchecked_into();
    let options = page.all(&format!("#{} option", input.get_attribute("list").unwrap()));
    assert_eq!(options.len(), 2);
    page.write("channel", "Web, Radio,").await;
    assert_eq!(page.shown(".df-tag span"), ["Web", "Radio"]);
}
