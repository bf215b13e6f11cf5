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
/// It is drawn in the browser. What a server renders is its place and, inside it, the fallback.
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
/// `source` may also be a definition that the application has itself, and a proxy of its own:
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
/// `lang` and `locales` choose the language; `timeout` is how many seconds an upload may be inactive;
/// `keep_draft=false` forgets what is typed when the page is left:
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
/// `on_event` hears what happens, `before_send` may keep a form from being sent:
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
/// `handle` is a remote control ([`FormHandle`]):
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
/// Children are the fallback: a plain form that works as soon as the HTML is there, and for good where
/// scripts do not run. What was typed into it is taken over.
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
    /// The language to speak (BCP 47); else that of the form's author, else English.
    #[prop(optional, into)]
    lang: Option<String>,
    /// The address of the folder of catalogs, with its slash, such as `/locales/`. Without it the
    /// form speaks English, but for the author's own texts.
    #[prop(optional, into)]
    locales: Option<String>,
    /// How many seconds without a sign of life end an attempt to send: 1 to 86,400; 90 where
    /// nothing is said.
    #[prop(optional)]
    timeout: Option<u32>,
    /// Whether what is entered survives a reload of the page in the same tab; it does unless this
    /// is `false`.
    #[prop(default = true)]
    keep_draft: bool,
    /// Told what happens.
    #[prop(optional, into)]
    on_event: Option<UnsyncCallback<FormEvent>>,
    /// Asked before the form is sent, once nothing is wrong with it; `false` keeps it.
    #[prop(optional, into)]
    before_send: Option<UnsyncCallback<(), bool>>,
    /// A remote control for the form.
    #[prop(optional)]
    handle: Option<FormHandle>,
    /// What stands in the form's place until it can be filled in, and for good where scripts do
    /// not run: a plain `<form>`, of which everything entered is taken over.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (root, fallback) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    let replace = move || {
        if let (Some(root), Some(fallback)) = (root.get_untracked(), fallback.get_untracked()) {
            let used = fallback.query_selector(":focus").ok().flatten();
            fallback.set_hidden(true);
            fallback.set_text_content(None);
            root.set_hidden(false);
            // Whoever was typing goes on typing.
            let control = used.and_then(|used| root.query_selector(&same(&used)).ok().flatten());
            if let Some(control) = control.and_then(|control| control.dyn_into().ok()) {
                let control: HtmlElement = control;
                // Fails only for an element that cannot take the focus.
                let _ = control.focus();
            }
        }
    };
    let leaving = Rc::new(Cell::new(false));
    let left = Rc::clone(&leaving);
    let host = Host {
        on_event: Rc::new(move |event| {
            if event == FormEvent::Ready {
                replace();
            }
            // A callback is gone once its owner is; then nobody is told or asked.
            let _ = on_event.and_then(|tell| tell.try_run(event));
        }),
        before_send: Rc::new(move || before_send.and_then(|ask| ask.try_run(())).unwrap_or(true)),
        keep_draft,
        prefilled: Rc::new(Vec::new),
        plain: Some(Rc::new(move || plain(&fallback.get_untracked()?))),
        leaving: Some(Rc::new(move || left.get())),
    };
    let settings = StoredValue::new_local(Settings {
        source,
        asked: JsValue::UNDEFINED,
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
            // Without storage, nothing needs to be removed.
            after(expire_files(), drop);
            listen_for_leaving(&scope, &leaving, fallback);
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

/// Notes whether the plain form was sent, and the page is not come back to.
fn listen_for_leaving(scope: &Scope, leaving: &Rc<Cell<bool>>, fallback: NodeRef<Div>) {
    let leaving = Rc::clone(leaving);
    listen(scope, window().into(), &["submit", "pageshow"], move |event| {
        if let Some(shown) = event.dyn_ref::<PageTransitionEvent>() {
            leaving.set(leaving.get() && !shown.persisted());
        } else if let Some(fallback) = fallback.get_untracked() {
            let form = event.target().and_then(|form| form.dyn_into::<Node>().ok());
            let here = form.is_some() && fallback.contains(form.as_ref());
            leaving.set(leaving.get() || (here && !event.default_prevented()));
        }
    });
}

/// The selector of the widget's control for one of the plain form's.
fn same(used: &Element) -> String {
    let is_button =
        used.get_attribute("type").map_or(used.tag_name() == "BUTTON", |kind| kind == "submit");
    let name = used.get_attribute("name").filter(|_| !is_button).unwrap_or_default();
    match name.trim_end_matches("[]") {
        "" => ".df-submit".to_owned(),
        name => format!("[name='{name}']"),
    }
}

/// The plain form there.
fn plain(fallback: &HtmlDivElement) -> Option<HtmlFormElement> {
    fallback.query_selector("form").ok()??.dyn_into().ok()
}
