//! What a page gives its form, and what it hears from it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use deal_contract::definition::PublicDefinition;
use deal_contract::problem::Problem;
use deal_contract::reply::Deal;
use web_sys::HtmlFormElement;

/// The default inactivity timeout in seconds: longer than the proxy waits for the CRM.
const INACTIVITY_SECONDS: u32 = 90;

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
        definition: Arc<PublicDefinition>,
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
    /// The proxy has the submission for good, under that reference, and hands it to the CRM as soon
    /// as it can.
    Kept(String),
    /// The form could not be loaded (`load`), or an attempt to send failed; the word says how: `network`, `timeout`, `cancelled`,
    /// `crm_refused`, `invalid`, `too_large`, `wrong_type`, `too_many`, `unavailable`, `refused`
    /// or `unreadable`.
    Error(&'static str),
}

/// What a page hears and gives while its form is on it.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) on_event: Rc<dyn Fn(FormEvent)>,
    /// Asked before the form is sent; false keeps it.
    pub(crate) before_send: Rc<dyn Fn() -> bool>,
    pub(crate) keep_draft: bool,
    /// What the page writes into the form before anybody else does.
    pub(crate) prefilled: Rc<dyn Fn() -> Vec<(String, String)>>,
    /// The plain form that this one replaces.
    pub(crate) plain: Option<Rc<dyn Fn() -> Option<HtmlFormElement>>>,
    /// Whether the visitor has sent that one, so that the page is being left.
    pub(crate) leaving: Option<Rc<dyn Fn() -> bool>>,
}

/// The inactivity timeout for the number of seconds that the page has set, if any.
pub(crate) fn inactivity_timeout(seconds: Option<u32>) -> Duration {
    // A browser's timer is an i32 of milliseconds.
    Duration::from_secs(seconds.unwrap_or(INACTIVITY_SECONDS).clamp(1, 86_400).into())
}
