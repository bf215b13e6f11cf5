//! Fields: their problems, labels and values.

use deal_contract::definition::{Field, PublicDefinition};
use deal_contract::kind::TextFormat;
use deal_contract::pattern::Pattern;
use deal_contract::problem::Code;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlInputElement, HtmlSelectElement};

use crate::page::{Page, definition, fire, settle};

#[wasm_bindgen_test]
async fn checks_a_pattern_with_the_engine_of_the_browser() {
    let mut postcode = Field::new("postcode", TextFormat::SingleLine, "Postcode");
    postcode.limits.pattern = Some(Pattern::new(r"\d{5}|[A-ZÄ-Ü.\-]{2}"));
    postcode.messages = vec![(Code::TextPattern, "Five digits, please.".to_owned())];
    let page = Page::open(PublicDefinition::new("F", vec![postcode])).await;
    for (typed, problem) in [
        ("1011", "Five digits, please."),
        ("10115", ""),
        ("x10115", "Five digits, please."),
        ("Ö.", ""),
    ] {
        page.fill("postcode", typed).await;
        let expected: &[&str] = if problem.is_empty() { &[] } else { &[problem] };
        assert_eq!(page.shown(".df-problem"), expected, "{typed}");
    }
}

#[wasm_bindgen_test]
async fn shows_a_problem_when_the_visitor_leaves_the_field_until_it_is_corrected() {
    let page = Page::open(definition()).await;
    page.write("expected_closing_date", "2023-02-29").await;
    assert_eq!(page.shown(".df-problem"), [""; 0]);
    page.fill("expected_closing_date", "2023-02-29").await;
    assert_eq!(
        page.shown(".df-problem"),
        ["Enter a real date for “Start”: this day does not exist."]
    );
    let control = page.control("expected_closing_date");
    assert_eq!(control.get_attribute("aria-invalid").as_deref(), Some("true"));

    page.write("expected_closing_date", "2024-02-2").await;
    assert_eq!(
        page.shown(".df-problem"),
        ["Enter a real date for “Start”: this day does not exist."],
        "the sentence does not change while the visitor types"
    );
    page.write("expected_closing_date", "2024-02-29").await;
    assert_eq!(page.shown(".df-problem:not([data-solved])"), [""; 0]);
    assert_eq!(page.shown(".df-problem").len(), 1, "the problem keeps its room");
    assert_eq!(control.get_attribute("aria-invalid"), None);
    page.fill("expected_closing_date", "2024-02-29").await;
    assert_eq!(page.shown(".df-problem"), [""; 0]);
}

#[wasm_bindgen_test]
async fn an_empty_required_field_is_no_problem_before_submit() {
    let page = Page::open(definition()).await;
    page.fill("contact_name", "").await;
    assert_eq!(page.shown(".df-problem"), [""; 0]);
    page.submit().await;
    assert_eq!(page.shown(".df-problem"), ["Fill in “Your name”."]);
    page.write("contact_name", "Mike").await;
    page.fill("contact_name", "").await;
    assert_eq!(page.shown(".df-problem"), ["Fill in “Your name”."], "after the form was checked");
}

#[wasm_bindgen_test]
async fn shows_the_message_for_the_problem_at_the_field() {
    let page = Page::open(definition()).await;
    for (name, text, message) in [
        (
            "contact_email",
            "mike@gmail",
            "Enter an email address for “Email”, such as name@example.com.",
        ),
        (
            "expected_closing_date",
            "next week",
            "Enter a date for “Start” in the format MM/DD/YYYY, or in the form 2026-09-30.",
        ),
        (
            "expected_closing_amount",
            "-5",
            "Enter an amount for “Budget”, such as 1,250.00. Use only digits, spaces, commas and full stops.",
        ),
        ("expected_closing_amount", ",.", "Enter a number for “Budget”, such as 1250."),
        ("note", "123456", "Shorten “Note” to 5 characters; it has 6 now."),
    ] {
        page.fill(name, text).await;
        let frame = page.control(name).closest("[data-df-field]").unwrap().unwrap();
        let problem = frame.query_selector(".df-problem").unwrap().unwrap();
        assert_eq!(problem.text_content().unwrap(), message, "{name} {text}");
    }
}

#[wasm_bindgen_test]
async fn shows_markup_in_a_definition_as_text() {
    let markup = "<img src=x onerror=alert(1)>";
    let mut form =
        PublicDefinition::new(markup, vec![Field::new("note", TextFormat::SingleLine, markup)]);
    form.fields[0].hint = Some(markup.into());
    form.intro = Some(markup.into());
    let page = Page::open(form).await;
    assert_eq!(page.all("img").len(), 0);
    assert_eq!(page.shown(".df-title, .df-intro, .df-label, .df-hint"), [markup; 4]);
}

#[wasm_bindgen_test]
async fn a_day_from_the_calendar_becomes_the_text_of_the_field() {
    let page = Page::open(definition()).await;
    let picker: HtmlInputElement = page.find("input[type=date]").unchecked_into();
    picker.set_value("2026-12-24");
    fire(&picker, "input");
    fire(&picker, "change");
    settle().await;
    let date: HtmlInputElement = page.control("expected_closing_date").unchecked_into();
    assert_eq!(date.value(), "2026-12-24");
}

#[wasm_bindgen_test]
async fn a_choice_has_no_initial_answer() {
    let page = Page::open(definition()).await;
    let select: HtmlSelectElement = page.control("size").unchecked_into();
    assert_eq!(select.value(), "");
    page.fill("size", "b").await;
    assert_eq!(select.value(), "b");
}

#[wasm_bindgen_test]
async fn two_forms_have_different_ids() {
    let (one, two) = (Page::open(definition()).await, Page::open(definition()).await);
    let ids = |page: &Page| page.all("[id]").iter().map(web_sys::Element::id).collect::<Vec<_>>();
    assert!(!ids(&one).is_empty());
    assert!(ids(&one).iter().all(|id| !ids(&two).contains(id)));
    one.fill("contact_email", "x").await;
    assert_eq!(one.shown(".df-problem").len(), 1);
    assert_eq!(two.shown(".df-problem").len(), 0);
}
