//! What a visitor is told when sending fails. The test's own server stands at the other end: it
//! knows no forms and answers with a page.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::page::{Page, definition, file, focused, microtasks};

#[wasm_bindgen_test]
async fn an_answer_that_is_not_json_is_reported_and_everything_is_kept() {
    let page = Page::open(definition()).await;
    page.fill("contact_name", "Mike").await;
    page.drop_files(&[file("a.pdf", 3)]).await;
    page.submit().await;
    page.wait_for(".df-failure").await;
    assert_eq!(page.shown(".df-failure h3"), ["The response could not be read"]);
    assert_eq!(focused(), page.find(".df-failure"));
    assert_eq!(page.control("contact_name").unchecked_into::<HtmlInputElement>().value(), "Mike");
    assert_eq!(page.shown(".df-name"), ["a.pdf"]);
    assert_eq!(page.shown(".df-submit"), ["Try again"]);
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_reported() {
    // Port 9, discard: browsers connect to it no more than to a server that is down.
    let page = Page::open_with(definition(), "http://127.0.0.1:9/", 90).await;
    page.fill("contact_name", "Mike").await;
    page.submit().await;
    page.wait_for(".df-failure").await;
    assert_eq!(page.shown(".df-failure h3"), ["The connection was lost"]);
}

#[wasm_bindgen_test]
async fn the_form_is_disabled_while_it_is_sent_until_cancel() {
    let page = Page::open(definition()).await;
    page.fill("contact_name", "Mike").await;
    let form: web_sys::HtmlFormElement = page.find("form").unchecked_into();
    form.request_submit().unwrap();
    // Effects have run then, and no answer can have come within the same task.
    microtasks().await;
    assert!(page.find(".df-fields").has_attribute("inert"));
    assert_eq!(page.shown(".df-submit, .df-failure"), [""; 0]);
    assert_eq!(focused(), page.find(".df-progress"));
    page.click("[data-df-action=cancel]").await;
    assert_eq!(page.shown(".df-failure h3"), ["You stopped sending"]);
    assert!(!page.find(".df-fields").has_attribute("inert"));
}
