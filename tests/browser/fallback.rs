//! The plain form that is shown until `<DealForm>` is ready.

use std::sync::Arc;

use deal_form::{DealForm, Source};
use js_sys::Function;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement, PageTransitionEvent, PageTransitionEventInit};

use crate::page::{definition, fire, focused, microtasks, settle, until};

/// A folder that does not exist: the form is mounted after the request for the catalog has failed.
const NO_CATALOGS: &str = "/no-catalogs/";

/// Returns a new element on the page, and a form for it.
fn prepare() -> (HtmlElement, Source) {
    let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&root).unwrap();
    let src =
        Source::Given { definition: Arc::new(definition()), proxy_url: "/no-proxy".to_owned() };
    (root, src)
}

/// Mounts a form with a fallback. Dropping the second value unmounts it.
fn open() -> (HtmlElement, impl Drop) {
    let (root, src) = prepare();
    let form = mount_to(root.clone(), move || {
        view! {
            <DealForm src lang="de" locales=NO_CATALOGS draft=false>
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

/// Waits until the widget has replaced the plain form.
async fn wait_for_widget(root: &HtmlElement) {
    until("the widget's form", || find(root, ".df-form").is_some()).await;
    settle().await;
}

/// Returns the number of finished requests for the catalog.
fn catalog_requests() -> JsValue {
    let count = format!(
        "const catalog = new URL('{NO_CATALOGS}de.json', location).href;
        return performance.getEntriesByName(catalog).length;"
    );
    Function::new_no_args(&count).call0(&JsValue::NULL).unwrap()
}

#[wasm_bindgen_test]
async fn moves_the_focus_from_a_control_of_the_plain_form_to_the_same_control_of_the_widget() {
    for (plain, widgets) in [
        ("[name=contact_name]", "[name=contact_name]"),
        ("[type=file]", "[name=attachments]"),
        ("button", ".df-submit"),
    ] {
        let (root, form) = open();
        find(&root, plain).unwrap().focus().unwrap();
        wait_for_widget(&root).await;
        assert!(find(&root, ".plain").is_none(), "{plain}");
        assert!(focused().matches(widgets).unwrap(), "{plain}");
        drop(form);
        root.remove();
    }
}

#[wasm_bindgen_test]
async fn reads_a_date_in_the_notation_of_the_plain_form() {
    for (lang, day) in [("de", "2026-06-05"), ("en", "2026-05-06")] {
        let (root, src) = prepare();
        let form = mount_to(root.clone(), move || {
            view! {
                <DealForm src draft=false>
                    <form class="plain" lang=lang>
                        <input name="expected_closing_date" value="05/06/2026" />
                    </form>
                </DealForm>
            }
        });
        wait_for_widget(&root).await;
        let date: HtmlInputElement =
            find(&root, "[name=expected_closing_date]").unwrap().unchecked_into();
        assert_eq!(date.value(), day, "{lang}");
        drop(form);
        root.remove();
    }
}

#[wasm_bindgen_test]
async fn keeps_a_sent_plain_form_until_the_visitor_returns_to_the_page() {
    let before = catalog_requests();
    let (root, form) = open();
    // The component listens now. No response can arrive within the same task.
    microtasks().await;
    fire(&find(&root, ".plain").unwrap(), "submit");
    until("the failed request for the catalog", || catalog_requests() != before).await;
    settle().await;
    assert!(find(&root, ".plain").is_some());
    assert!(find(&root, ".df-form").is_none());

    let init = PageTransitionEventInit::new();
    init.set_persisted(true);
    let shown = PageTransitionEvent::new_with_event_init_dict("pageshow", &init).unwrap();
    window().dispatch_event(&shown).unwrap();
    wait_for_widget(&root).await;
    assert!(find(&root, ".plain").is_none());
    drop(form);
    root.remove();
}
