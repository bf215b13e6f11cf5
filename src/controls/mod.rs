//! One control for each kind of field, made by plain functions over the DOM.
//!
//! Not by `view!`: each `view!` is a type of its own and costs its bytes again for every kind
//! (ARCHITECTURE.md has the measurement). What changes later, [`Control::show`] changes.

mod attachments;
mod choice;
mod control;
mod date;
mod dom;
mod field;
mod flag;
mod text;

pub(crate) use control::Control;
pub(crate) use dom::{append, closest, make, set};

/// The attribute that carries a field's index, on the frame around it.
pub(crate) const FIELD: &str = "data-field";
/// The attribute that carries a file's index, on the button that removes it.
pub(crate) const REMOVE: &str = "data-remove";
/// The attribute of the button that opens a calendar.
pub(crate) const CALENDAR: &str = "data-calendar";
/// The attribute of the browser's own date picker.
pub(crate) const PICKER: &str = "data-picker";
