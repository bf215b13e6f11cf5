//! The values and functions that the page gives to its form, and the events that the form sends to
//! the page.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use deal_contract::definition::PublicDefinition;
use deal_contract::problem::Problem;
use deal_contract::reply::Deal;
use web_sys::HtmlFormElement;

use super::FormError;
use crate::draft::OpenDraft;

/// The default inactivity timeout in seconds: longer than the proxy waits for the CRM.
const INACTIVITY_SECONDS: u32 = 90;

/// Where a form's definition comes from, and where its submissions go. A string converts into
/// [`Source::Address`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// One address: `GET` returns the definition, and submissions are posted to it.
    Address(String),
    /// Separate addresses for the definition and for submissions.
    Split {
        /// The address of the definition.
        src: String,
        /// The address that submissions are posted to.
        proxy_url: String,
    },
    /// A definition from the page.
    Given {
        /// The definition.
        definition: Arc<PublicDefinition>,
        /// The address that submissions are posted to.
        proxy_url: String,
    },
}

impl From<&str> for Source {
    fn from(address: &str) -> Self {
        Self::Address(address.to_owned())
    }
}

impl From<String> for Source {
    fn from(address: String) -> Self {
        Self::Address(address)
    }
}

/// An event of a form. Events do not contain the visitor's answers, except those that the CRM's
/// reply repeats and the names of refused files.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormEvent {
    /// Visitors can fill in the form.
    Ready,
    /// The answer to this parameter has changed.
    Change(String),
    /// Submit found problems and sent nothing.
    Invalid(Vec<Problem>),
    /// Bytes have been sent.
    Progress {
        /// The number of bytes sent.
        sent: u64,
        /// The total number of bytes.
        total: u64,
    },
    /// The CRM has confirmed the deal.
    Success(Deal),
    /// The proxy has stored the submission under this reference, and will deliver it to the CRM.
    Kept(String),
    /// The form could not be loaded, or an attempt to send failed.
    Error(FormError),
}

/// The values and functions that the page gives to its form, and the function that receives the
/// form's events.
#[derive(Clone)]
pub(crate) struct Host {
    /// Returns false if the page has prevented the default action of the event.
    pub(crate) on_event: Rc<dyn Fn(FormEvent) -> bool>,
    /// Called before the form is sent. If it returns false, the form is not sent.
    pub(crate) before_send: Rc<dyn Fn() -> bool>,
    pub(crate) keep_draft: bool,
    /// The level of the form's title among the headings of the page: 1 to 5.
    pub(crate) heading_level: u8,
    /// Returns the answers that the page sets before the visitor can type.
    pub(crate) prefilled: Rc<dyn Fn() -> Vec<(String, String)>>,
    /// Returns the draft that this rendering of the form continues.
    pub(crate) open_draft: Option<Rc<dyn Fn() -> Option<OpenDraft>>>,
    /// Returns the plain form that the widget replaces.
    pub(crate) plain_form: Option<Rc<dyn Fn() -> Option<HtmlFormElement>>>,
    /// Returns whether the visitor has sent the plain form. If so, the browser is leaving the page.
    pub(crate) fallback_was_sent: Option<Rc<dyn Fn() -> bool>>,
}

/// Returns the level of the form's title: the level that the page has set, or 2.
pub(crate) fn heading_level(level: Option<u8>) -> u8 {
    level.unwrap_or(2).clamp(1, 5)
}

/// Returns the inactivity timeout: the number of seconds that the page has set, or the default.
pub(crate) fn inactivity_timeout(seconds: Option<u32>) -> Duration {
    // Browser timers take milliseconds as an i32.
    Duration::from_secs(seconds.unwrap_or(INACTIVITY_SECONDS).clamp(1, 86_400).into())
}
