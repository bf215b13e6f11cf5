//! `<DealForm>`: from an address or a definition to a form on the page.
//!
//! The component's view is one element. What stands inside is made by plain functions and follows
//! the state by a few effects: every `view!` is a type of its own that the bundle pays for
//! (ARCHITECTURE.md has the measurement).

mod elements;
mod events;
mod handle;
mod session;
mod show;
mod styles;
mod summary;

use std::time::Duration;

use deal_contract::definition::PublicDefinition;
use deal_contract::problem::Problem;
use deal_contract::reply::Deal;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Element, FormData};

pub use self::handle::FormHandle;
use crate::controls::{append, make};
use crate::locale::ENGLISH;
use crate::submission::Endpoint;
use crate::transport::definition;

/// How long silence is borne while a form is sent, in seconds, where nobody says otherwise:
/// longer than the proxy waits for the CRM.
pub const SILENCE_SECONDS: u32 = 90;

/// Where a form's definition comes from, and where its submissions go.
#[derive(Debug, Clone)]
pub enum Source {
    /// The form's own address: `GET` gives the definition, `POST` takes a submission.
    Address(String),
    /// The definition from the form's address, but submissions to another.
    Split {
        /// Where `GET` gives the definition.
        src: String,
        /// Where submissions are posted.
        proxy_url: String,
    },
    /// A definition that the page itself gives.
    Given {
        /// The definition.
        definition: Box<PublicDefinition>,
        /// Where submissions are posted.
        proxy_url: String,
    },
}

/// What a page may want to know of its form. It carries nothing that a visitor entered but what
/// the CRM itself replied, and the names of refused files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormEvent {
    /// The form can be filled in.
    Ready,
    /// The answer to this parameter was changed.
    Change(String),
    /// Submit found problems, and nothing was sent.
    Invalid(Vec<Problem>),
    /// So many bytes have left, of so many.
    Progress {
        /// Bytes that have left.
        sent: u64,
        /// All bytes.
        total: u64,
    },
    /// The CRM has confirmed the deal.
    Success(Deal),
    /// An attempt to send failed; the word says how: `network`, `timeout`, `cancelled`,
    /// `crm_refused`, `invalid`, `too_large`, `wrong_type`, `too_many`, `unavailable`, `refused`
    /// or `unreadable`.
    Error(&'static str),
}

/// What a page hears and gives while its form is on it.
#[derive(Clone, Default)]
pub(crate) struct Host {
    pub(crate) on_event: Option<UnsyncCallback<FormEvent>>,
    pub(crate) before_send: Option<UnsyncCallback<(), bool>>,
    pub(crate) handle: Option<FormHandle>,
    pub(crate) keep_draft: bool,
    pub(crate) entered: Option<UnsyncCallback<(), Option<FormData>>>,
}

/// A form that becomes a deal.
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
#[component]
pub fn DealForm(
    /// Where the definition comes from, and where submissions go.
    source: Source,
    /// How many seconds without a sign of life end an attempt to send: 1 to 86,400.
    #[prop(default = SILENCE_SECONDS)]
    timeout: u32,
    /// Whether what is typed survives a reload of the page, in the tab's session storage. Files do
    /// not.
    #[prop(default = true)]
    keep_draft: bool,
    /// Told what happens.
    #[prop(optional_no_strip)]
    on_event: Option<UnsyncCallback<FormEvent>>,
    /// Asked before the form is sent, once nothing is wrong with it; `false` keeps it.
    #[prop(optional_no_strip)]
    before_send: Option<UnsyncCallback<(), bool>>,
    /// A remote control for the form.
    #[prop(optional_no_strip)]
    handle: Option<FormHandle>,
    /// Gives what the visitor entered already, in a plain form that this one replaces.
    #[prop(optional_no_strip)]
    entered: Option<UnsyncCallback<(), Option<FormData>>>,
) -> impl IntoView {
    let (address, given, url) = match source {
        Source::Address(src) => (src.clone(), None, src),
        Source::Split { src, proxy_url } => (src, None, proxy_url),
        Source::Given { definition, proxy_url } => {
            (String::new(), Some(Ok(*definition)), proxy_url)
        }
    };
    // A browser's timer is an i32 of milliseconds.
    let silence = Duration::from_secs(timeout.clamp(1, 86_400).into());
    let endpoint = Endpoint { url, silence };
    let host = Host { on_event, before_send, handle, keep_draft, entered };
    let loaded = RwSignal::new(given);
    let root = NodeRef::new();
    Effect::new(move |_| {
        let Some(root): Option<web_sys::HtmlDivElement> = root.get() else { return };
        styles::adopt(&root.get_root_node());
        root.set_text_content(None);
        match loaded.get() {
            None => {
                show_loading(&root);
                load(address.clone(), loaded);
            }
            Some(Err(reason)) => {
                leptos::logging::error!("deal-form: {reason}");
                show_load_failed(&root, loaded);
            }
            Some(Ok(definition)) => {
                untrack(|| session::open(&root, definition, endpoint.clone(), host.clone()));
            }
        }
    });
    view! { <div class="df" part="base" node_ref=root></div> }
}

type Loaded = RwSignal<Option<Result<PublicDefinition, String>>>;

fn load(address: String, loaded: Loaded) {
    spawn_local(async move {
        let definition = definition::fetch(&address).await;
        // The form may have been taken off the page meanwhile.
        loaded.try_set(Some(definition.map_err(|error| error.to_string())));
    });
}

fn show_loading(root: &Element) {
    let document = document();
    let note = [("class", "df-loading"), ("role", "status")];
    append(root, &[&make(&document, "p", &note, ENGLISH.loading)]);
}

fn show_load_failed(root: &Element, loaded: Loaded) {
    let document = document();
    let panel = make(&document, "div", &[("class", "df-failure"), ("role", "alert")], "");
    let button = make(
        &document,
        "button",
        &[("class", "df-button"), ("type", "button")],
        ENGLISH.load_again,
    );
    append(&panel, &[&make(&document, "p", &[], ENGLISH.load_failed), &button]);
    append(root, &[&panel]);
    events::listen(button.into(), &["click"], move |_| loaded.set(None));
}
