//! The page that a server has rendered. `tests/server.rs` compares the HTML with what the server
//! renders.

use leptos::mount::hydrate_from;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use crate::component::{collect_warnings, find, warnings};
use crate::page::{settle, until};
use crate::server_page::server_page;

const HTML: &str = include_str!("server_page.html");

#[wasm_bindgen_test]
async fn the_widget_adopts_what_a_visitor_typed_before_the_page_was_hydrated() {
    let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&root).unwrap();
    root.insert_adjacent_html("beforeend", HTML).unwrap();
    find(&root, "form[action='/no-proxy']");
    let name: HtmlInputElement = find(&root, "[name=contact_name]").unchecked_into();
    name.set_value("Zoë");
    name.focus().unwrap();

    collect_warnings();
    let app = hydrate_from(root.clone(), server_page);
    until("the widget", || root.query_selector(".df-form[part]").unwrap().is_some()).await;
    settle().await;
    assert_eq!(warnings(), [""; 0]);
    assert_eq!(root.query_selector_all("form").unwrap().length(), 1);
    let name: HtmlInputElement = find(&root, "[name=contact_name]").unchecked_into();
    assert_eq!(name.value(), "Zoë");
    assert!(name.matches(":focus").unwrap());
    let note: HtmlTextAreaElement = find(&root, "[name=note]").unchecked_into();
    assert_eq!(note.value(), "");
    assert!(root.text_content().unwrap().contains("Thank you"));
    drop(app);
    root.remove();
}
