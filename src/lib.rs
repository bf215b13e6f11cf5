//! An embeddable form whose submissions become deals in the CRM.
//!
//! [`DealForm`] draws a form from its definition, checks what is typed by the
//! [contract](deal_contract), and sends it with its files to the proxy. A page without Leptos uses
//! it as the custom element `<deal-form>`, which `embed/deal-form.js` defines over the module
//! `element` (feature `element`).
//!
//! It never knows the CRM's key, and file contents never enter WebAssembly memory: the browser
//! sends them from where they are.

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

pub use deal_contract::{definition, kind};
#[cfg(feature = "component")]
pub use form::DealForm;
pub use form::{FormEvent, FormHandle, Source};
