//! The summary of all problems.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::page::{Page, definition, focused, settle};

#[wasm_bindgen_test]
async fn submit_moves_the_focus_to_the_summary_and_sends_nothing_if_there_are_problems() {
    let page = Page::open(definition()).await;
    page.write("expected_closing_amount", "-5").await;
    page.submit().await;
    assert_eq!(
        page.shown(".df-summary li"),
        [
            "Fill in “Your name”.",
            "Enter an amount for “Budget”, such as 1,250.00. Use only digits, spaces, commas and full stops.",
        ]
    );
    assert_eq!(focused(), page.find(".df-summary"));
    assert_eq!(page.shown(".df-activity, .df-failure, .df-result"), [""; 0]);
}

#[wasm_bindgen_test]
async fn a_link_in_the_summary_moves_the_focus_to_its_field() {
    let page = Page::open(definition()).await;
    page.submit().await;
    page.find(".df-summary a").unchecked_into::<HtmlElement>().click();
    settle().await;
    assert_eq!(focused(), page.control("contact_name"));
}

#[wasm_bindgen_test]
async fn the_summary_stays_the_same_until_the_next_submit() {
    let page = Page::open(definition()).await;
    page.write("contact_email", "x").await;
    page.submit().await;
    assert_eq!(page.shown(".df-summary li").len(), 2);
    page.fill("contact_name", "Mike").await;
    page.write("contact_email", "").await;
    assert_eq!(page.shown(".df-summary li").len(), 2);
    page.fill("contact_email", "y").await;
    page.submit().await;
    let problem = "Enter an email address for “Email”, such as name@example.com.";
    assert_eq!(page.shown(".df-summary li"), [problem]);
    page.fill("contact_email", "").await;
    page.submit().await;
    assert_eq!(page.shown(".df-summary"), [""; 0]);
}

#[wasm_bindgen_test]
async fn a_second_submit_moves_the_focus_back_to_the_summary() {
    let page = Page::open(definition()).await;
    page.submit().await;
    page.control("contact_name").unchecked_into::<HtmlElement>().focus().unwrap();
    page.submit().await;
    assert_eq!(focused(), page.find(".df-summary"));
}
