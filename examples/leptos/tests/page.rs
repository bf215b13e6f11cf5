//! The landing page in a browser, without a proxy. The guide shows this file.
#![cfg_attr(
    target_arch = "wasm32",
    expect(clippy::unwrap_used, reason = "tests fail by panicking")
)]
#![cfg(target_arch = "wasm32")]

use std::sync::Arc;

use deal_form::Source;
use deal_form::definition::{Field, PublicDefinition};
use deal_form::kind::TextFormat;
use leptos::{mount::mount_to, prelude::*, task::tick};
use leptos_landing_page::Page;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Event, EventInit, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

wasm_bindgen_test_configure!(run_in_browser);

/// Mounts the page with a form that needs no proxy.
async fn open() -> HtmlElement {
    let phone = Field::new("contact_phone", TextFormat::Phone, "Phone");
    let phone = Field { required: true, ..phone };
    let note = Field::new("note", TextFormat::MultiLine, "Note");
    let definition = Arc::new(PublicDefinition::new("Ask", vec![phone, note]));
    let src = Source::Given { definition, proxy_url: "/no-proxy".to_owned() };
    let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&root).unwrap();
    mount_to(root.clone(), move || view! { <Page src /> }).forget();
    tick().await;
    root
}

fn find<T: JsCast>(root: &HtmlElement, selector: &str) -> T {
    root.query_selector(selector).unwrap().unwrap().unchecked_into()
}

/// Sends an event that bubbles, as a browser does when a visitor types or leaves a field.
fn fire(target: &HtmlElement, name: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    let event = Event::new_with_event_init_dict(name, &init).unwrap();
    target.dispatch_event(&event).unwrap();
}

#[wasm_bindgen_test]
async fn a_link_beside_a_cabin_fills_in_the_note() {
    let root = open().await;
    find::<HtmlElement>(&root, "a[href='#ask']").click();
    tick().await;
    let note: HtmlTextAreaElement = find(&root, "[name=note]");
    assert_eq!(note.value(), "About the cabin Otter");
    root.remove();
}

#[wasm_bindgen_test]
async fn shows_the_problem_of_a_phone_number() {
    let root = open().await;
    let phone: HtmlInputElement = find(&root, "[name=contact_phone]");
    phone.set_value("call me!");
    fire(&phone, "input");
    fire(&phone, "focusout");
    tick().await;
    assert_eq!(phone.get_attribute("aria-invalid").as_deref(), Some("true"));
    root.remove();
}
