//! The form as a component for Leptos applications.

use std::cell::Cell;
use std::rc::Rc;

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlDivElement, HtmlElement, HtmlFormElement, Node, PageTransitionEvent};

use super::events::listen;
use super::{FormEvent, FormHandle, Host, Settings, Source, inactivity_timeout, load};
use crate::browser::window;
use crate::draft::expire_files;
use crate::promise::after;
use crate::scope::Scope;

/// A form that becomes a deal.
///
/// The form is rendered in the browser. A server renders only an empty element and the fallback.
///
/// ```
/// use deal_form::{DealForm, Source};
/// use leptos::prelude::*;
///
/// #[component]
/// fn Page() -> impl IntoView {
///     let source = Source::Address("https://leads.example.com/forms/quote".to_owned());
///     view! { <DealForm source /> }
/// }
/// ```
///
/// # Props by example
///
/// `source` can also be a definition in the application, with the address of a proxy:
///
/// ```
/// use std::sync::Arc;
///
/// use deal_form::definition::{Field, PublicDefinition};
/// use deal_form::kind::TextFormat;
/// use deal_form::{DealForm, Source};
/// use leptos::prelude::*;
///
/// #[component]
/// fn CallBack() -> impl IntoView {
///     let phone = Field::new("contact_phone", TextFormat::Phone, "Phone");
///     let phone = Field { required: true, ..phone };
///     let definition = Arc::new(PublicDefinition::new("Call me back", vec![phone]));
///     let source = Source::Given { definition, proxy_url: "/leads".to_owned() };
///     view! { <DealForm source /> }
/// }
/// ```
///
/// `lang` and `locales` set the language. `timeout` is the number of seconds that an upload may be
/// inactive. With `keep_draft=false`, answers do not survive a reload of the page:
///
/// ```
/// # use deal_form::{DealForm, Source};
/// # use leptos::prelude::*;
/// #[component]
/// fn Kontakt() -> impl IntoView {
///     let source = Source::Address("/forms/anfrage".to_owned());
///     view! { <DealForm source lang="de-AT" locales="/locales/" timeout=30 keep_draft=false /> }
/// }
/// ```
///
/// `on_event` is called with each event. `before_send` can prevent the form from being sent:
///
/// ```
/// # use deal_form::{DealForm, FormEvent, Source};
/// # use leptos::prelude::*;
/// #[component]
/// fn Consenting(consent: RwSignal<bool>) -> impl IntoView {
///     let source = Source::Address("/forms/quote".to_owned());
///     let number = RwSignal::new(String::new());
///     let on_event = move |event| {
///         if let FormEvent::Success(deal) = event {
///             number.set(deal.deal_id);
///         }
///     };
///     view! {
///         <DealForm source on_event before_send=move |()| consent.get_untracked() />
///         <p>{number}</p>
///     }
/// }
/// ```
///
/// `handle` controls the form ([`FormHandle`]):
///
/// ```
/// # use deal_form::{DealForm, FormHandle, Source};
/// # use leptos::prelude::*;
/// #[component]
/// fn Campaign() -> impl IntoView {
///     let source = Source::Address("/forms/quote".to_owned());
///     let handle = FormHandle::default();
///     let form = StoredValue::new_local(handle.clone());
///     let spring = [("campaign".to_owned(), "spring".to_owned())];
///     let choose = move |_| {
///         form.with_value(|form| form.prefill(&spring));
///     };
///     view! {
///         <button on:click=choose>"The spring offer"</button>
///         <DealForm source handle />
///     }
/// }
/// ```
///
/// Children are the fallback: a plain form that works before scripts load, and without scripts. The widget adopts
/// the answers in it.
///
/// ```
/// # use deal_form::{DealForm, Source};
/// # use leptos::prelude::*;
/// #[component]
/// fn Early() -> impl IntoView {
///     let source = Source::Address("/forms/callback".to_owned());
///     view! {
///         <DealForm source>
///             <form method="post" action="/forms/callback" enctype="multipart/form-data">
///                 <label>"Phone " <input name="contact_phone" type="tel" required /></label>
///                 <button>"Call me back"</button>
///             </form>
///         </DealForm>
///     }
/// }
/// ```
#[component]
pub fn DealForm(
    /// Where the definition comes from, and where submissions go.
    source: Source,
    /// The language of the form (BCP 47). Default: the language of the definition, or English.
    #[prop(optional, into)]
    lang: Option<String>,
    /// The address of the folder with the catalogs, such as `/locales/`, with the final slash. Without
    /// it, the form is in English, except for the author's text.
    #[prop(optional, into)]
    locales: Option<String>,
    /// The number of seconds without activity after which an attempt to send fails: 1 to 86,400.
    /// Default: 90.
    #[prop(optional)]
    timeout: Option<u32>,
    /// Whether answers survive a reload of the page in the same tab. Default: `true`.
    #[prop(default = true)]
    keep_draft: bool,
    /// Called with each event.
    #[prop(optional, into)]
    on_event: Option<UnsyncCallback<FormEvent>>,
    /// Called before a form without problems is sent. If it returns `false`, the form is not sent.
    #[prop(optional, into)]
    before_send: Option<UnsyncCallback<(), bool>>,
    /// Controls the form.
    #[prop(optional)]
    handle: Option<FormHandle>,
    /// The fallback: a plain `<form>` that is shown until the widget is ready, and stays if scripts
    /// do not run. The widget adopts the answers in it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (root, fallback) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    let replace = move || {
        if let (Some(root), Some(fallback)) = (root.get_untracked(), fallback.get_untracked()) {
            let focused = fallback.query_selector(":focus").ok().flatten();
            fallback.set_hidden(true);
            fallback.set_text_content(None);
            root.set_hidden(false);
            // Keep the focus, so that the visitor can continue to type.
            let control = focused.and_then(|focused| {
                root.query_selector(&matching_control(&focused)).ok().flatten()
            });
            if let Some(control) = control.and_then(|control| control.dyn_into().ok()) {
                let control: HtmlElement = control;
                // Fails only for an element that cannot take the focus.
                let _ = control.focus();
            }
        }
    };
    let fallback_was_sent = Rc::new(Cell::new(false));
    let was_sent = Rc::clone(&fallback_was_sent);
    let host = Host {
        on_event: Rc::new(move |event| {
            if event == FormEvent::Ready {
                replace();
            }
            // `try_run`, because Leptos disposes of a callback with its owner.
            let _ = on_event.and_then(|on_event| on_event.try_run(event));
        }),
        before_send: Rc::new(move || {
            before_send.and_then(|before_send| before_send.try_run(())).unwrap_or(true)
        }),
        keep_draft,
        prefilled: Rc::new(Vec::new),
        plain_form: Some(Rc::new(move || find_plain_form(&fallback.get_untracked()?))),
        fallback_was_sent: Some(Rc::new(move || was_sent.get())),
    };
    let settings = StoredValue::new_local(Settings {
        source,
        prefetched: JsValue::UNDEFINED,
        lang,
        locales,
        inactivity_timeout: inactivity_timeout(timeout),
        handle,
        host,
    });
    let has_fallback = children.is_some();
    Effect::new(move |_| {
        if let Some(root) = root.get() {
            root.set_hidden(has_fallback);
            let scope = Scope::new();
            // Fails only if there is no storage, and then there are no files to remove.
            after(expire_files(), drop);
            watch_fallback(&scope, &fallback_was_sent, fallback);
            untrack(|| load(&scope, &root, settings.get_value()));
            let scope = StoredValue::new_local(scope);
            on_cleanup(move || scope.with_value(Scope::end));
        }
    });
    view! {
        <div class="df" part="base" node_ref=root></div>
        {children.map(|children| view! { <div node_ref=fallback>{children()}</div> })}
    }
}

/// Sets `was_sent` when the visitor sends the plain form, and clears it when the visitor comes back to
/// this page.
fn watch_fallback(scope: &Scope, was_sent: &Rc<Cell<bool>>, fallback: NodeRef<Div>) {
    let was_sent = Rc::clone(was_sent);
    listen(scope, window().into(), &["submit", "pageshow"], move |event| {
        if let Some(shown) = event.dyn_ref::<PageTransitionEvent>() {
            was_sent.set(was_sent.get() && !shown.persisted());
        } else if let Some(fallback) = fallback.get_untracked() {
            let form = event.target().and_then(|form| form.dyn_into::<Node>().ok());
            let is_fallback = form.is_some() && fallback.contains(form.as_ref());
            was_sent.set(was_sent.get() || (is_fallback && !event.default_prevented()));
        }
    });
}

/// The selector of the widget's control that replaces this control of the plain form.
fn matching_control(plain: &Element) -> String {
    let is_button =
        plain.get_attribute("type").map_or(plain.tag_name() == "BUTTON", |kind| kind == "submit");
    let name = plain.get_attribute("name").filter(|_| !is_button).unwrap_or_default();
    match name.trim_end_matches("[]") {
        "" => ".df-submit".to_owned(),
        name => format!("[name='{name}']"),
    }
}

/// The plain form in the fallback.
fn find_plain_form(fallback: &HtmlDivElement) -> Option<HtmlFormElement> {
    fallback.query_selector("form").ok()??.dyn_into().ok()
}
