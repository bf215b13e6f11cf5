//! The props and the handle of `<DealForm>`.

use std::sync::Arc;

use deal_contract::definition::PublicDefinition;
use deal_form::{DealForm, FormEvent, FormHandle, Source};
use js_sys::{Array, Function};
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement};

use crate::flow::in_steps;
use crate::page::{definition, file, fire, settle, until};

/// Returns the source of a form that posts to an address where there is no proxy.
fn source(definition: PublicDefinition) -> Source {
    Source::Given { definition: Arc::new(definition), proxy_url: "/no-proxy".to_owned() }
}

/// Mounts an application in a new element. Dropping the second value unmounts it.
fn open<V: IntoView + 'static>(app: impl FnOnce() -> V + 'static) -> (HtmlElement, impl Drop) {
    let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&root).unwrap();
    (root.clone(), mount_to(root, app))
}

pub(crate) fn find(root: &HtmlElement, selector: &str) -> HtmlElement {
    root.query_selector(selector).unwrap().expect(selector).unchecked_into()
}

fn answer(root: &HtmlElement, name: &str) -> String {
    find(root, &format!("[name={name}]")).unchecked_into::<HtmlInputElement>().value()
}

fn write(root: &HtmlElement, name: &str, text: &str) {
    let input: HtmlInputElement = find(root, &format!("[name={name}]")).unchecked_into();
    input.set_value(text);
    fire(&input, "input");
    fire(&input, "focusout");
}

/// Collects the warnings in the console until [`warnings`] is called.
pub(crate) fn collect_warnings() {
    let collect = "globalThis.warned = []; globalThis.warn = console.warn;
        console.warn = (text) => globalThis.warned.push(String(text));";
    Function::new_no_args(collect).call0(&JsValue::NULL).unwrap();
}

pub(crate) fn warnings() -> Vec<String> {
    let restore = "console.warn = globalThis.warn; return globalThis.warned;";
    let warned: Array =
        Function::new_no_args(restore).call0(&JsValue::NULL).unwrap().unchecked_into();
    warned.iter().filter_map(|warning| warning.as_string()).collect()
}

/// Provides a handle to a form and to a button beside it.
#[component]
fn WithButton(src: Source) -> impl IntoView {
    provide_context(FormHandle::new());
    view! {
        <Button />
        <DealForm src draft=false />
    }
}

#[component]
fn Button() -> impl IntoView {
    let form = expect_context::<FormHandle>();
    // The form is not ready yet.
    form.prefill(&[("contact_name", "Zoë")]);
    view! { <button id="email" on:click=move |_| form.prefill(&[("contact_email", "zoe@example.com")]) /> }
}

#[wasm_bindgen_test]
async fn a_handle_from_the_context_prefills_a_form_before_and_after_it_is_ready() {
    let (root, _app) = open(|| view! { <WithButton src=source(definition()) /> });
    settle().await;
    assert_eq!(answer(&root, "contact_name"), "Zoë");
    find(&root, "#email").click();
    settle().await;
    assert_eq!(answer(&root, "contact_email"), "zoe@example.com");
    root.remove();
}

#[wasm_bindgen_test]
async fn a_handle_outlives_its_form() {
    let (handle, shown) = (FormHandle::new(), RwSignal::new(true));
    let (root, _app) = open(move || {
        let form = move || view! { <DealForm src=source(definition()) handle draft=false /> };
        view! { <Show when=move || shown.get()>{form()}</Show> }
    });
    settle().await;
    write(&root, "contact_name", "Zoë");
    assert!(handle.check_validity());
    shown.set(false);
    settle().await;
    assert!(!handle.check_validity());
    handle.submit();
    handle.reset();
    handle.prefill(&[("contact_name", "Anna")]);
    shown.set(true);
    settle().await;
    assert_eq!(answer(&root, "contact_name"), "Anna");
    root.remove();
}

#[wasm_bindgen_test]
async fn shows_initial_values() {
    let (root, _app) = open(|| {
        let initial_values = [("contact_name", "Zoë"), ("note", "Hi")];
        view! { <DealForm src=source(definition()) initial_values draft=false /> }
    });
    settle().await;
    assert_eq!(answer(&root, "contact_name"), "Zoë");
    root.remove();
}

#[wasm_bindgen_test]
async fn a_form_keeps_its_answers_and_files_when_its_language_changes() {
    let lang = RwSignal::new("en");
    let (root, _app) = open(move || {
        let lang = Signal::derive(move || lang.get().to_owned());
        let initial_values = [("contact_name", "Zoë")];
        // The catalog of each language is empty.
        let locales = "data:application/json,{}#";
        view! { <DealForm src=source(definition()) lang locales initial_values draft=false /> }
    });
    settle().await;
    write(&root, "contact_email", "zoe@example.com");
    let chooser: HtmlInputElement = find(&root, "[type=file]").unchecked_into();
    let data = web_sys::DataTransfer::new().unwrap();
    data.items().add_with_file(&file("plan.pdf", 3)).unwrap();
    chooser.set_files(data.files().as_ref());
    fire(&chooser, "change");
    until("the file", || root.text_content().unwrap().contains("plan.pdf")).await;

    for language in ["fr", "pt-BR"] {
        lang.set(language);
        until(language, || find(&root, ".df").lang() == language).await;
        settle().await;
        assert_eq!(answer(&root, "contact_name"), "Zoë");
        assert_eq!(answer(&root, "contact_email"), "zoe@example.com");
        assert!(root.text_content().unwrap().contains("plan.pdf"));
    }
    root.remove();
}

#[wasm_bindgen_test]
async fn shows_another_form_without_the_answers_when_the_source_changes() {
    let is_other = RwSignal::new(false);
    let (root, _app) = open(move || {
        let src = Signal::derive(move || {
            source(PublicDefinition {
                title: if is_other.get() { "Other" } else { "First" }.to_owned(),
                ..definition()
            })
        });
        view! { <DealForm src draft=false /> }
    });
    settle().await;
    write(&root, "contact_name", "Zoë");
    // Setting the same value again must not replace the form.
    is_other.set(false);
    settle().await;
    assert_eq!(answer(&root, "contact_name"), "Zoë");
    is_other.set(true);
    settle().await;
    assert_eq!(find(&root, ".df-title").text_content().unwrap(), "Other");
    assert_eq!(answer(&root, "contact_name"), "");
    root.remove();
}

#[wasm_bindgen_test]
async fn sets_the_class_and_follows_the_signal_of_the_theme() {
    let is_dark = RwSignal::new(false);
    let (root, _app) = open(move || {
        let theme = Signal::derive(move || is_dark.get().then(|| "dark".to_owned()));
        view! { <DealForm src=source(definition()) theme class="wide" draft=false /> }
    });
    settle().await;
    let form = find(&root, ".df.wide");
    let scheme = || {
        let style = window().get_computed_style(&form).unwrap().unwrap();
        style.get_property_value("color-scheme").unwrap()
    };
    assert_ne!(scheme(), "dark");
    is_dark.set(true);
    settle().await;
    assert_eq!(scheme(), "dark");
    root.remove();
}

#[wasm_bindgen_test]
async fn leptos_logs_no_warning_while_a_visitor_uses_the_form() {
    collect_warnings();
    let (handle, count) = (FormHandle::new(), RwSignal::new(0));
    let (root, app) = open(move || {
        // The page's own functions may also read signals.
        let on_event = move |_: FormEvent| count.set(count.get() + 1);
        let before_send = move |()| count.get() >= 0;
        view! { <DealForm src=source(in_steps()) handle on_event before_send draft=false /> }
    });
    settle().await;
    let submit = || find(&root, "form").unchecked_into::<HtmlFormElement>().request_submit();
    submit().unwrap();
    settle().await;
    find(&root, ".df-summary a").click();
    write(&root, "contact_name", "Zoë");
    submit().unwrap();
    settle().await;
    find(&root, "[value=app]").click();
    settle().await;
    assert!(handle.check_validity());
    submit().unwrap();
    until("the failed attempt", || find(&root, ".df-failure").get_attribute("hidden").is_none())
        .await;
    find(&root, "[data-df-action=back]").click();
    handle.prefill(&[("contact_name", "Anna")]);
    handle.reset();
    settle().await;
    assert!(count.get_untracked() > 2);
    drop(app);
    root.remove();
    assert_eq!(warnings(), [""; 0]);
}
