//! The form as a component for Leptos applications.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::either::Either;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlDivElement, HtmlElement, HtmlFormElement, Node, PageTransitionEvent};

use super::elements::focus_in_place;
use super::events::listen;
use super::{
    FormEvent, FormHandle, Host, InitialValues, Remote, Settings, Source, SourceProp,
    inactivity_timeout, load,
};
use crate::browser::window;
use crate::draft::{OpenDraft, expire_files};
use crate::promise::after;
use crate::scope::Scope;

/// A form whose submissions become deals.
///
/// The form is rendered in the browser. A server that knows the definition renders the plain form
/// that the widget replaces: see `Definitions` (feature `ssr`).
///
/// ```
/// use deal_form::DealForm;
/// use leptos::prelude::*;
///
/// #[component]
/// fn Page() -> impl IntoView {
///     view! { <DealForm src="https://leads.example.com/forms/quote" /> }
/// }
/// ```
///
/// # Props by example
///
/// `src` can also be a definition in the application, with the address of a proxy:
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
///     let src = Source::Given { definition, proxy_url: "/leads".to_owned() };
///     view! { <DealForm src /> }
/// }
/// ```
///
/// `lang` and `locales` set the language, `theme` and `class` set the appearance. `timeout` is the
/// number of seconds that an upload may be inactive. With `draft=false`, answers do not survive a
/// reload of the page:
///
/// ```
/// # use deal_form::DealForm;
/// # use leptos::prelude::*;
/// #[component]
/// fn Kontakt() -> impl IntoView {
///     view! {
///         <DealForm
///             src="/forms/anfrage"
///             lang="de-AT"
///             locales="/locales/"
///             theme="dark compact"
///             class="kontakt"
///             timeout=30
///             draft=false
///         />
///     }
/// }
/// ```
///
/// `src`, `lang`, `theme` and `class` can be signals. When `lang` changes, the form keeps its answers
/// and files:
///
/// ```
/// # use deal_form::DealForm;
/// # use leptos::prelude::*;
/// #[component]
/// fn Contact(lang: Signal<String>, is_dark: Signal<bool>) -> impl IntoView {
///     let theme = Signal::derive(move || is_dark.get().then(|| "dark".to_owned()));
///     view! { <DealForm src="/forms/quote" lang theme locales="/locales/" /> }
/// }
/// ```
///
/// `initial_values` sets answers before the visitor can type. A kept draft replaces them:
///
/// ```
/// # use deal_form::DealForm;
/// # use leptos::prelude::*;
/// #[component]
/// fn Offer(product: String) -> impl IntoView {
///     let initial_values = [("campaign", "spring".to_owned()), ("note", format!("About {product}"))];
///     view! { <DealForm src="/forms/quote" initial_values /> }
/// }
/// ```
///
/// `on_event` is called with each event. `before_send` can prevent the form from being sent:
///
/// ```
/// # use deal_form::{DealForm, FormEvent};
/// # use leptos::prelude::*;
/// #[component]
/// fn Consenting(consent: RwSignal<bool>) -> impl IntoView {
///     let number = RwSignal::new(String::new());
///     let on_event = move |event| {
///         if let FormEvent::Success(deal) = event {
///             number.set(deal.deal_id);
///         }
///     };
///     view! {
///         <DealForm src="/forms/quote" on_event before_send=move |()| consent.get() />
///         <p>{number}</p>
///     }
/// }
/// ```
///
/// `handle` controls the form ([`FormHandle`]). Without it, the form uses the handle from its
/// context:
///
/// ```
/// # use deal_form::{DealForm, FormHandle};
/// # use leptos::prelude::*;
/// #[component]
/// fn Campaign() -> impl IntoView {
///     let form = FormHandle::new();
///     let choose = move |_| form.prefill(&[("campaign", "spring")]);
///     view! {
///         <button on:click=choose>"The spring offer"</button>
///         <DealForm src="/forms/quote" handle=form />
///     }
/// }
/// ```
///
/// Children are the fallback: a plain form that works before scripts load, and without scripts. The widget adopts
/// the answers in it.
///
/// ```
/// # use deal_form::DealForm;
/// # use leptos::prelude::*;
/// #[component]
/// fn Early() -> impl IntoView {
///     view! {
///         <DealForm src="/forms/callback">
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
    /// Where the definition comes from, and where submissions go: an address, a [`Source`], or a signal.
    /// When it changes, the form is replaced.
    #[prop(into)]
    src: SourceProp,
    /// The language of the form (BCP 47). Default: the language of the definition, or English; for a
    /// form with several languages, the language of the page or of the visitor.
    #[prop(optional, into)]
    lang: MaybeProp<String>,
    /// One or more of `light`, `dark` and `compact`, with spaces between them.
    #[prop(optional, into)]
    theme: MaybeProp<String>,
    /// More classes for the form's outermost element.
    #[prop(optional, into)]
    class: MaybeProp<String>,
    /// The address of the folder with the catalogs, such as `/locales/`, with the final slash. Without
    /// it, the form is in English, except for the author's text.
    #[prop(optional, into)]
    locales: Option<String>,
    /// The number of seconds without activity after which an attempt to send fails: 1 to 86,400.
    /// Default: 90.
    #[prop(optional)]
    timeout: Option<u32>,
    /// The level of the form's title among the headings of the page: 1 to 5. Default: 2.
    #[prop(optional)]
    heading_level: Option<u8>,
    /// Whether answers survive a reload of the page in the same tab. Default: `true`.
    #[prop(default = true)]
    draft: bool,
    /// Answers and hidden values that the form has from the start, by their parameters.
    #[prop(optional, into)]
    initial_values: InitialValues,
    /// Called with each event.
    #[prop(optional, into)]
    on_event: Option<Callback<FormEvent>>,
    /// Called before a form without problems is sent. If it returns `false`, the form is not sent.
    #[prop(optional, into)]
    before_send: Option<Callback<(), bool>>,
    /// Controls the form. Default: the [`FormHandle`] of the context, if there is one.
    #[prop(optional)]
    handle: Option<FormHandle>,
    /// The fallback: a plain `<form>` that is shown until the widget is ready, and stays if scripts
    /// do not run. The widget adopts the answers in it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (root, fallback) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    let page = Page {
        root,
        fallback,
        on_event,
        before_send,
        handle: handle.or_else(use_context),
        locales,
        inactivity_timeout: inactivity_timeout(timeout),
        heading_level: super::heading_level(heading_level),
        draft,
        values: Rc::new(RefCell::new(initial_values.0)),
        open_draft: Rc::default(),
    };
    // A memo, because a form must not be replaced when a signal is set to the same value again.
    let wanted = Memo::new(move |_| (src.get(), lang.get()));
    // A server drops the effect immediately, so nothing that belongs to the page moves to another
    // thread.
    Effect::new(move |_| {
        if let Some(root) = root.get() {
            let (source, lang) = wanted.get();
            untrack(|| page.open(&root, source, lang));
        }
    });
    let class = move || class.get().map_or("df".to_owned(), |class| format!("df {class}"));
    view! {
        <div class=class data-theme=move || theme.get() part="base" node_ref=root></div>
        {match children {
            Some(children) => Either::Left(view! { <div node_ref=fallback>{children()}</div> }),
            None => Either::Right(plain_form(src, fallback)),
        }}
    }
}

/// Returns the element with the plain form that a server renders.
#[cfg(feature = "ssr")]
fn plain_form(src: SourceProp, fallback: NodeRef<Div>) -> impl IntoView {
    let html = super::server::plain_form(&src.get_untracked());
    view! { <div node_ref=fallback inner_html=html></div> }
}

/// Returns the element with the plain form that a server may have rendered.
#[cfg(not(feature = "ssr"))]
fn plain_form(_src: SourceProp, fallback: NodeRef<Div>) -> impl IntoView {
    view! { <div node_ref=fallback></div> }
}

/// The values that a page gives to its form.
struct Page {
    root: NodeRef<Div>,
    fallback: NodeRef<Div>,
    on_event: Option<Callback<FormEvent>>,
    before_send: Option<Callback<(), bool>>,
    handle: Option<FormHandle>,
    locales: Option<String>,
    inactivity_timeout: Duration,
    heading_level: u8,
    draft: bool,
    /// The answers that the page has set before the form was ready.
    values: Rc<RefCell<Vec<(String, String)>>>,
    /// The draft of the form that was replaced, and the form's source.
    open_draft: Rc<Cell<Option<(Source, OpenDraft)>>>,
}

impl Page {
    /// Loads the form into `root`. The form is removed when the effect that calls this runs again
    /// or ends.
    fn open(&self, root: &HtmlDivElement, source: Source, lang: Option<String>) {
        let fallback = self.fallback;
        let has_fallback = fallback
            .get_untracked()
            .is_some_and(|fallback| !fallback.hidden() && fallback.has_child_nodes());
        root.set_hidden(has_fallback);
        let (scope, remote) = (Scope::new(), Remote::default());
        // Fails only if there is no storage, and then there are no files to remove.
        after(expire_files(), drop);
        let fallback_was_sent = Rc::new(Cell::new(false));
        watch_fallback(&scope, &fallback_was_sent, fallback);
        if let Some(handle) = self.handle {
            handle.attach(remote.clone());
        }
        let settings = Settings {
            source: source.clone(),
            prefetched: JsValue::UNDEFINED,
            lang: lang.filter(|lang| !lang.is_empty()),
            locales: self.locales.clone(),
            inactivity_timeout: self.inactivity_timeout,
            remote: remote.clone(),
            host: self.host(source.clone(), fallback_was_sent),
        };
        load(&scope, root, settings);
        let open_draft = Rc::clone(&self.open_draft);
        let opened = StoredValue::new_local((scope, remote, source, open_draft));
        on_cleanup(move || {
            opened.with_value(|(scope, remote, source, open_draft)| {
                if let Some(draft) = remote.actions().and_then(|actions| actions.hand_over()) {
                    open_draft.set(Some((source.clone(), draft)));
                }
                scope.end();
            });
        });
    }

    fn host(&self, source: Source, fallback_was_sent: Rc<Cell<bool>>) -> Host {
        let Self { root, fallback, on_event, before_send, handle, draft, heading_level, .. } =
            *self;
        let values = Rc::clone(&self.values);
        let open_draft = Rc::clone(&self.open_draft);
        // The page's functions are called untracked, because the widget calls some of them in its
        // own effects, and with `try_run`, because Leptos disposes of a callback when the
        // callback's owner ends.
        Host {
            on_event: Rc::new(move |event| {
                if event == FormEvent::Ready {
                    replace_fallback(root, fallback);
                }
                let _ = on_event.and_then(|on_event| untrack(|| on_event.try_run(event)));
                true
            }),
            before_send: Rc::new(move || {
                let send = before_send.and_then(|before_send| untrack(|| before_send.try_run(())));
                send.unwrap_or(true)
            }),
            keep_draft: draft,
            heading_level,
            prefilled: Rc::new(move || {
                let mut values = values.borrow_mut();
                values.extend(handle.map(FormHandle::take_pending).unwrap_or_default());
                values.clone()
            }),
            open_draft: Some(Rc::new(move || {
                let (of, draft) = open_draft.take()?;
                (of == source).then_some(draft)
            })),
            plain_form: Some(Rc::new(move || find_plain_form(&fallback.get_untracked()?))),
            fallback_was_sent: Some(Rc::new(move || fallback_was_sent.get())),
        }
    }
}

/// Replaces the fallback with the form. The form must be ready.
fn replace_fallback(root: NodeRef<Div>, fallback: NodeRef<Div>) {
    let Some((root, fallback)) = root.get_untracked().zip(fallback.get_untracked()) else { return };
    let focused = fallback.query_selector(":focus").ok().flatten();
    let top_before = focused.as_ref().map(top);
    fallback.set_hidden(true);
    fallback.set_text_content(None);
    root.set_hidden(false);
    // Keep the focus and the field's place on the screen, so that the visitor can continue to type.
    let control =
        focused.and_then(|focused| root.query_selector(&matching_control(&focused)).ok().flatten());
    if let Some(control) = control.and_then(|control| control.dyn_into().ok()) {
        let control: HtmlElement = control;
        focus_in_place(&control);
        window().scroll_by_with_x_and_y(0.0, top(&control) - top_before.unwrap_or_default());
    }
}

/// Returns the distance of the element from the top of the window, in CSS pixels.
fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
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

/// Returns the selector for the widget's control that replaces this control in the plain form.
fn matching_control(plain: &Element) -> String {
    let is_button =
        plain.get_attribute("type").map_or(plain.tag_name() == "BUTTON", |kind| kind == "submit");
    let name = plain.get_attribute("name").filter(|_| !is_button).unwrap_or_default();
    match name.trim_end_matches("[]") {
        "" => ".df-submit".to_owned(),
        // The line for another answer has the name of its question, too.
        name if plain.get_attribute("type").as_deref() == Some("text") => {
            format!(
                "[name='{name}'][type=text], [name='{name}']:not(select, [type=radio], [type=checkbox])"
            )
        }
        name => format!("[name='{name}']"),
    }
}

/// Returns the plain form in the fallback, if there is one.
fn find_plain_form(fallback: &HtmlDivElement) -> Option<HtmlFormElement> {
    fallback.query_selector("form").ok()??.dyn_into().ok()
}
