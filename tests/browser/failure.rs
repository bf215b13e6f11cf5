//! The form after a failed attempt to send it. Requests go to the tests' own server. It has no
//! forms, and responds with an HTML page.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::page::{Page, definition, file, focused, microtasks};

#[wasm_bindgen_test]
async fn reports_a_response_that_is_not_json_and_keeps_all_answers() {
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
async fn reports_a_lost_connection() {
    // Browsers refuse to connect to port 9 (discard), as if the server were down.
    let page = Page::open_with(definition(), "http://127.0.0.1:9/", 90).await;
    page.fill("contact_name", "Mike").await;
    page.submit().await;
    page.wait_for(".df-failure").await;
    assert_eq!(page.shown(".df-failure h3"), ["The connection was lost"]);
}

#[wasm_bindgen_test]
async fn disables_the_form_while_it_is_sent_until_the_visitor_cancels() {
    let page = Page::open(definition()).await;
    page.fill("contact_name", "Mike").await;
    let form: web_sys::HtmlFormElement = page.find("form").unchecked_into();
    form.request_submit().unwrap();
    // Runs all effects. No response can arrive within the same task.
    microtasks().await;
    assert!(page.find(".df-fields").has_attribute("inert"));
    assert_eq!(page.shown(".df-submit, .df-failure"), [""; 0]);
    assert_eq!(focused(), page.find(".df-progress"));
    page.click("[data-df-action=cancel]").await;
    assert_eq!(page.shown(".df-failure h3"), ["Sending stopped"]);
    assert!(!page.find(".df-fields").has_attribute("inert"));
}
