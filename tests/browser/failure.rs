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
    assert_eq!(page.shown(".df-failure"), [""; 0]);
    let submit = page.find(".df-submit");
    assert_eq!(submit.get_attribute("aria-disabled").as_deref(), Some("true"));
    assert!(submit.query_selector(".df-spinner").unwrap().is_some());
    page.click("[data-df-action=cancel]").await;
    assert_eq!(page.shown(".df-failure h3"), ["Sending stopped"]);
    assert!(!page.find(".df-fields").has_attribute("inert"));
    assert_eq!(submit.get_attribute("aria-disabled"), None);
}

#[wasm_bindgen_test]
async fn the_pressed_button_keeps_the_focus_while_the_form_is_sent() {
    let page = Page::open(definition()).await;
    page.fill("contact_name", "Mike").await;
    let submit: web_sys::HtmlElement = page.find(".df-submit").unchecked_into();
    submit.focus().unwrap();
    submit.click();
    microtasks().await;
    assert!(page.find(".df-fields").has_attribute("inert"), "the form is being sent");
    assert_eq!(focused(), page.find(".df-submit"));
}

#[wasm_bindgen_test]
async fn shows_the_progress_at_once_only_if_there_are_files() {
    for has_files in [false, true] {
        let page = Page::open(definition()).await;
        page.fill("contact_name", "Mike").await;
        if has_files {
            page.drop_files(&[file("a.pdf", 3)]).await;
        }
        let form: web_sys::HtmlFormElement = page.find("form").unchecked_into();
        form.request_submit().unwrap();
        microtasks().await;
        assert_eq!(!page.shown(".df-activity").is_empty(), has_files);
    }
}
