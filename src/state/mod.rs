//! The state of a form: the visitor's answers, their problems, and the current step.
//!
//! It uses neither the DOM nor the network, so it is tested natively. It holds the browser's file
//! handles, but never opens them.

mod attachment;
mod changes;
mod field;
mod form;
mod steps;
#[cfg(test)]
mod tests;
mod tracked;

pub(crate) use attachment::Attachment;
pub(crate) use changes::Changes;
pub(crate) use field::{Answer, Field, Problems};
pub(crate) use form::{DraftId, FormState};
pub(crate) use steps::Position;
pub(crate) use tracked::{Tracked, follow};
