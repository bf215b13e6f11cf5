//! Steps and conditional questions.

use deal_contract::definition::{
    Choice, ChoiceControl, Condition, Field, FieldKind, PublicDefinition, Step,
};
use deal_contract::kind::TextFormat;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::page::{Page, focused, settle};

fn choice() -> Field {
    let option = |value: &str| Choice { value: value.to_owned(), label: value.to_owned() };
    let options = vec![option("shop"), option("app")];
    Field::new(
        "about",
        FieldKind::Choice { options, control: Some(ChoiceControl::Radio), other: false },
        "About",
    )
}

fn shop_only() -> Field {
    Field {
        required: true,
        show_when: Some(Condition::is("about", &["shop"])),
        ..Field::new("system", TextFormat::SingleLine, "Shop system")
    }
}

pub(crate) fn in_steps() -> PublicDefinition {
    let name =
        Field { required: true, ..Field::new("contact_name", TextFormat::SingleLine, "Name") };
    let mut form = PublicDefinition::new("F", vec![name, choice(), shop_only()]);
    let step = |title: &str, fields: &[&str]| Step {
        title: title.to_owned(),
        fields: fields.iter().map(|&name| name.to_owned()).collect(),
        show_when: None,
    };
    form.steps =
        vec![step("You", &["contact_name"]), step("It", &["about"]), step("More", &["system"])];
    form
}

async fn choose(page: &Page, value: &str) {
    page.find(&format!("[value='{value}']")).unchecked_into::<HtmlInputElement>().click();
    settle().await;
}

#[wasm_bindgen_test]
async fn shows_a_conditional_question_only_while_its_condition_is_met() {
    let page = Page::open(PublicDefinition::new("F", vec![choice(), shop_only()])).await;
    assert_eq!(page.shown(".df-label"), ["About"]);
    page.submit().await;
    assert_eq!(page.shown(".df-summary li"), [""; 0], "a hidden question is not required");
    // Submit does nothing while a request is running.
    page.wait_for(".df-failure").await;
    choose(&page, "shop").await;
    assert_eq!(page.shown(".df-label"), ["About", "Shop system*"]);
    page.submit().await;
    assert_eq!(page.shown(".df-summary li"), ["Fill in “Shop system”."]);
    choose(&page, "app").await;
    assert_eq!(page.shown(".df-label"), ["About"]);
    page.submit().await;
    assert_eq!(page.shown(".df-summary li"), [""; 0]);
}

#[wasm_bindgen_test]
async fn marks_a_question_as_required_only_while_its_condition_is_met() {
    let system = Field {
        required_when: Some(Condition::is("about", &["shop"])),
        ..Field::new("system", TextFormat::SingleLine, "Shop system")
    };
    let page = Page::open(PublicDefinition::new("F", vec![choice(), system])).await;
    let required = || page.control("system").get_attribute("aria-required");
    assert_eq!(page.shown(".df-mark"), [""; 0]);
    assert_eq!(required(), None);
    choose(&page, "shop").await;
    assert_eq!(page.shown(".df-mark"), ["*"]);
    assert_eq!(required().as_deref(), Some("true"));
    page.submit().await;
    assert_eq!(page.shown(".df-summary li"), ["Fill in “Shop system”."]);
    choose(&page, "app").await;
    assert_eq!(page.shown(".df-mark"), [""; 0]);
    page.submit().await;
    assert_eq!(page.shown(".df-summary li"), [""; 0]);
}

#[wasm_bindgen_test]
async fn continues_to_the_next_step_only_without_problems() {
    let page = Page::open(in_steps()).await;
    assert_eq!(page.shown(".df-step-place"), ["Step 1 of 2"]);
    assert_eq!(page.shown(".df-submit"), ["Continue"]);
    page.submit().await;
    assert_eq!(page.shown(".df-summary li"), ["Fill in “Name”."]);
    page.fill("contact_name", "Zoë").await;
    page.submit().await;
    assert_eq!(page.shown(".df-step-title"), ["It"]);
    assert!(focused().class_list().contains("df-step-head"));
}

#[wasm_bindgen_test]
async fn skips_a_step_without_questions_to_ask_and_goes_back_to_earlier_steps() {
    let page = Page::open(in_steps()).await;
    page.fill("contact_name", "Zoë").await;
    page.submit().await;
    choose(&page, "app").await;
    assert_eq!(page.shown(".df-submit"), ["Send"]);
    choose(&page, "shop").await;
    assert_eq!(page.shown(".df-submit"), ["Continue"]);
    page.submit().await;
    assert_eq!(page.shown(".df-step-place"), ["Step 3 of 3"]);
    page.click("[data-df-action=back]").await;
    page.click("[data-df-action=back]").await;
    assert_eq!(page.shown(".df-step-title"), ["You"]);
    let name: HtmlInputElement = page.control("contact_name").unchecked_into();
    assert_eq!(name.value(), "Zoë");
}
