//! What a visitor entered, and where the submission stands.

mod field;
mod form;

pub(crate) use field::{Answer, Field};
pub(crate) use form::FormState;
