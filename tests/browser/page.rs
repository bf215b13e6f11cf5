//! A mounted form, with the visitor's actions as methods.

use deal_contract::definition::{Choice, Field, FieldKind, PublicDefinition};
use deal_contract::kind::TextFormat;
use deal_contract::values::FlagValue;
use deal_form::{DealForm, Source};
use js_sys::{Array, Promise};
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, DragEvent, DragEventInit, Element, Event, EventInit, File, HtmlElement,
    HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
};

/// A mounted form, which is removed from the page when it is dropped.
pub(crate) struct Page {
    pub(crate) root: HtmlElement,
    _form: Box<dyn std::any::Any>,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.root.remove();
    }
}

/// Returns a form with fields of most kinds.
pub(crate) fn definition() -> PublicDefinition {
    let name = Field::new("contact_name", TextFormat::SingleLine, "Your name");
    let note = FieldKind::Text { format: TextFormat::MultiLine, max_length: Some(5) };
    let files = FieldKind::Attachments { max_files: None, max_total: Some(1_000) };
    let choice = |value: &str| Choice { value: value.to_owned(), label: value.to_owned() };
    PublicDefinition::new(
        "Quote",
        vec![
            Field { required: true, ..name },
            Field::new("contact_email", TextFormat::Email, "Email"),
            Field::new("expected_closing_date", FieldKind::DATE, "Start"),
            Field::new("expected_closing_amount", TextFormat::Amount, "Budget"),
            Field::new("size", FieldKind::choice(vec![choice("a"), choice("b")]), "Size"),
            Field::new("create_new_stage", FieldKind::flag(FlagValue::Two), "New stage"),
            Field::new("note", note, "Note"),
            Field::new("attachments", files, "Files"),
        ],
    )
}

impl Page {
    /// Mounts the form. It posts to an address where there is no proxy.
    pub(crate) async fn open(definition: PublicDefinition) -> Self {
        Self::open_with(definition, "/no-proxy", 90).await
    }

    pub(crate) async fn open_with(definition: PublicDefinition, url: &str, timeout: u32) -> Self {
        let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&root).unwrap();
        let definition = std::sync::Arc::new(definition);
        let src = Source::Given { definition, proxy_url: url.to_owned() };
        let form = mount_to(root.clone(), move || view! { <DealForm src timeout draft=false /> });
        settle().await;
        Self { root, _form: Box::new(form) }
    }

    pub(crate) fn find(&self, selector: &str) -> Element {
        self.root.query_selector(selector).unwrap().expect(selector)
    }

    pub(crate) fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.root.query_selector_all(selector).unwrap();
        (0..found.length()).map(|index| found.item(index).unwrap().unchecked_into()).collect()
    }

    pub(crate) fn control(&self, name: &str) -> Element {
        self.find(&format!("[name='{name}']"))
    }

    /// Returns the text of each element that matches the selector and is shown.
    pub(crate) fn shown(&self, selector: &str) -> Vec<String> {
        let visible = |element: &Element| element.closest("[hidden]").unwrap().is_none();
        self.all(selector)
            .iter()
            .filter(|e| visible(e))
            .map(|e| e.text_content().unwrap())
            .collect()
    }

    /// Replaces the text of a field, as if the visitor had typed it.
    pub(crate) async fn write(&self, name: &str, text: &str) {
        let control = self.control(name);
        if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
            input.set_value(text);
        } else if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
            area.set_value(text);
        } else {
            control.dyn_ref::<HtmlSelectElement>().unwrap().set_value(text);
        }
        fire(&control, "input");
        settle().await;
    }

    /// Replaces the text of a field, and leaves the field.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        self.write(name, text).await;
        fire(&self.control(name), "focusout");
        settle().await;
    }

    pub(crate) async fn submit(&self) {
        let form: HtmlFormElement = self.find("form").unchecked_into();
        form.request_submit().unwrap();
        settle().await;
    }

    pub(crate) async fn click(&self, selector: &str) {
        self.find(selector).unchecked_into::<HtmlElement>().click();
        settle().await;
    }

    /// Drops files on the drop zone.
    pub(crate) async fn drop_files(&self, files: &[File]) {
        let data = DataTransfer::new().unwrap();
        for file in files {
            data.items().add_with_file(file).unwrap();
        }
        let init = DragEventInit::new();
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_data_transfer(Some(&data));
        let event = DragEvent::new_with_event_init_dict("drop", &init).unwrap();
        self.find(".df-zone").dispatch_event(&event).unwrap();
        settle().await;
    }

    /// Waits until the element is shown.
    pub(crate) async fn wait_for(&self, selector: &str) {
        until(selector, || !self.shown(selector).is_empty()).await;
    }
}

pub(crate) fn file(name: &str, bytes: usize) -> File {
    let content = Array::of1(&JsValue::from_str(&"x".repeat(bytes)));
    File::new_with_str_sequence(&content, name).unwrap()
}

/// Returns the element that has the focus.
pub(crate) fn focused() -> Element {
    document().active_element().unwrap()
}

pub(crate) fn fire(target: &Element, name: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    let event = Event::new_with_event_init_dict(name, &init).unwrap();
    target.dispatch_event(&event).unwrap();
}

/// Waits until the condition is true. Fails after a minute or more, so that tests pass on busy
/// machines.
pub(crate) async fn until(what: &str, mut is_true: impl FnMut() -> bool) {
    for _ in 0..6_000 {
        if is_true() {
            return;
        }
        sleep(10).await;
    }
    panic!("waited too long for: {what}");
}

/// Lets all effects run, also those that wait for the browser's next frame.
pub(crate) async fn settle() {
    sleep(0).await;
    let frame = Promise::new(&mut |resolve, _| {
        web_sys::window().unwrap().request_animation_frame(&resolve).unwrap();
    });
    JsFuture::from(frame).await.unwrap();
    sleep(0).await;
}

/// Lets all microtasks of the current task run.
pub(crate) async fn microtasks() {
    for _ in 0..20 {
        JsFuture::from(Promise::resolve(&JsValue::NULL)).await.unwrap();
    }
}

pub(crate) async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().unwrap();
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
            .unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}
