//! One control for each kind of field, made by plain functions over the DOM.
//!
//! Not by `view!`: each `view!` is a type of its own and costs its bytes again for every kind
//! (ARCHITECTURE.md has the measurement). What changes later, [`Control::render`] changes.

mod attachments;
mod choice;
mod control;
mod date;
mod dom;
mod field;
mod flag;
mod tags;
mod text;

pub(crate) use attachments::{attachments, ready_files};
pub(crate) use control::{Action, Control};
pub(crate) use dom::{append, closest, make, set, show};

/// The attribute that carries a field's index, on the frame around it.
pub(crate) const FIELD: &str = "data-df-field";
/// The attribute that carries the index of a file or tag, on the button that removes it.
const REMOVE: &str = "data-df-remove";
/// The attribute of the button that opens a calendar.
const CALENDAR: &str = "data-df-calendar";
/// The attribute of the browser's own date picker.
const PICKER: &str = "data-df-picker";
/// The attribute of the button that adds the tag that is typed.
const ADD: &str = "data-df-add";
