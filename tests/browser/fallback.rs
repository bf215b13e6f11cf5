//! A plain form in the place of `<DealForm>` until that is ready.

use std::sync::Arc;

use deal_form::{DealForm, Source};
use js_sys::Function;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, PageTransitionEvent, PageTransitionEventInit};

use crate::page::{definition, fire, focused, microtasks, settle, until};

/// Catalogs that nobody has: the form opens once the browser knows that.
const NOWHERE: &str = "/nowhere/";

/// A form with a fallback, and what takes both off the page again.
fn open() -> (HtmlElement, impl Drop) {
    let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&root).unwrap();
    let source =
        Source::Given { definition: Arc::new(definition()), proxy_url: "/nobody".to_owned() };
    let form = mount_to(root.clone(), move || {
        view! {
            <DealForm source lang="de" locales=NOWHERE keep_draft=false>
                <form class="plain">
                    <input name="contact_name" value="Anna" />
                    <input name="attachments[]" type="file" />
                    <button>"Send"</button>
                </form>
            </DealForm>
        }
    });
    (root, form)
}

fn find(root: &HtmlElement, selector: &str) -> Option<HtmlElement> {
    root.query_selector(selector).unwrap().map(JsCast::unchecked_into)
}

/// Waits until the widget's form stands in the place of the plain one.
async fn opened(root: &HtmlElement) {
    until("the widget's form", || find(root, ".df-form").is_some()).await;
    settle().await;
}

/// How often the page has heard that there is no catalog.
fn refusals() -> JsValue {
    let count = format!(
        "const catalog = new URL('{NOWHERE}de.json', location).href;
        return performance.getEntriesByName(catalog).length;"
    );
    Function::new_no_args(&count).call0(&JsValue::NULL).unwrap()
}

#[wasm_bindgen_test]
async fn the_focus_moves_from_a_plain_control_to_the_same_one_of_the_widget() {
    for (plain, widgets) in [
        ("[name=contact_name]", "[name=contact_name]"),
        ("[type=file]", "[name=attachments]"),
        ("button", ".df-submit"),
    ] {
        let (root, form) = open();
        find(&root, plain).unwrap().focus().unwrap();
        opened(&root).await;
        assert!(find(&root, ".plain").is_none(), "{plain}");
        assert!(focused().matches(widgets).unwrap(), "{plain}");
        drop(form);
        root.remove();
    }
}

#[wasm_bindgen_test]
async fn a_sent_plain_form_stays_until_the_visitor_returns_to_its_page() {
    let before = refusals();
    let (root, form) = open();
    // It listens then, and no answer can have come within the same task.
    microtasks().await;
    fire(&find(&root, ".plain").unwrap(), "submit");
    until("word that there is no catalog", || refusals() != before).await;
    settle().await;
    assert!(find(&root, ".plain").is_some());
    assert!(find(&root, ".df-form").is_none());

    let init = PageTransitionEventInit::new();
    init.set_persisted(true);
    let shown = PageTransitionEvent::new_with_event_init_dict("pageshow", &init).unwrap();
    window().dispatch_event(&shown).unwrap();
    opened(&root).await;
    assert!(find(&root, ".plain").is_none());
    drop(form);
    root.remove();
}
