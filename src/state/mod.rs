//! What a visitor entered, and where in the form they are.

mod field;
mod form;
mod steps;
mod today;
mod tracked;

pub(crate) use field::{Answer, Attachment, Field, Said};
pub(crate) use form::{CAPTCHA, DraftId, FormState};
pub(crate) use steps::Place;
pub(crate) use today::today;
pub(crate) use tracked::{Tracked, follow};
