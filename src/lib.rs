//! An embeddable form whose submissions become deals in the CRM.
//!
//! [`DealForm`] renders a form from its definition, checks the answers with the
//! [contract](deal_contract), and sends them with their files to the proxy. Pages without Leptos
//! use the custom element `<deal-form>`: `embed/deal-form.js` defines it and calls the module
//! `element` (feature `element`).
//!
//! The widget never has the CRM's key. File contents never enter WebAssembly memory: the browser
//! reads them when it sends them.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod browser;
mod clock;
mod controls;
mod draft;
#[cfg(feature = "element")]
pub mod element;
pub mod form;
mod json;
mod locale;
mod promise;
mod scope;
mod state;
mod submission;
mod transport;

pub use deal_contract::problem::{Code, Problem};
pub use deal_contract::reply::Deal;
pub use deal_contract::{check, definition, kind, problem, values};
/// The stylesheet of the plain form that a server renders. Put it into the page's head.
///
/// ```
/// use deal_form::PLAIN_STYLESHEET;
/// use leptos::prelude::*;
///
/// # fn head() -> impl IntoView {
/// view! { <style inner_html=PLAIN_STYLESHEET></style> }
/// # }
/// ```
#[cfg(feature = "component")]
pub use deal_form_style::PLAIN_STYLESHEET;
#[cfg(feature = "ssr")]
pub use form::Definitions;
#[cfg(feature = "component")]
pub use form::{DealForm, FormHandle, InitialValues, SourceProp};
pub use form::{FormError, FormEvent, Source};
