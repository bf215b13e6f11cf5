//! What a visitor entered, what is wrong with it, and where in the form they are.
//!
//! No DOM and no transport: it runs in native tests. Of the browser it knows the file handles, which
//! it never opens.

mod attachment;
mod field;
mod form;
mod steps;
#[cfg(test)]
mod tests;
mod tracked;

pub(crate) use attachment::Attachment;
pub(crate) use field::{Answer, Field, FieldMessages};
pub(crate) use form::{DraftId, FormState};
pub(crate) use steps::Place;
pub(crate) use tracked::{Tracked, follow};
