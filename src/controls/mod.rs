//! One control for each kind of field, made by plain functions that create DOM elements.
//!
//! These functions do not use `view!`, because each `view!` is a separate type that adds code for
//! every kind (ARCHITECTURE.md has the measurement). [`Control::render`] updates the elements when
//! the answer or its problems change.

mod announcer;
mod attachments;
mod choice;
mod control;
mod date;
mod dom;
mod field;
mod flag;
mod rich_text;
mod tags;
mod text;

pub(crate) use announcer::Announcer;
pub(crate) use attachments::{attachments, ready_files};
pub(crate) use control::{Action, Control};
pub(crate) use dom::{append, closest, make, set, set_visible};
pub(crate) use rich_text::fill as fill_rich_text;

/// The attribute with a field's index, on the field's frame.
pub(crate) const FIELD: &str = "data-df-field";
/// The attribute with the index of a file or tag, on the button that removes it.
const REMOVE: &str = "data-df-remove";
/// The attribute of the button that opens a calendar.
const CALENDAR: &str = "data-df-calendar";
/// The attribute of the browser's own date picker.
const PICKER: &str = "data-df-picker";
/// The attribute of the button that adds the typed tag.
const ADD: &str = "data-df-add";
