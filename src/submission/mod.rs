//! Sends the form: collects the proof, makes the request and interprets the response.

mod attempt;
mod failure;
mod form_data;
mod form_error;
mod hidden;
mod lost_files;
mod phase;
mod proof;
mod status;

pub(crate) use attempt::{Attempt, Endpoint, Handlers};
pub(crate) use failure::{Failure, Outcome};
pub use form_error::FormError;
pub(crate) use phase::{Origin, Phase, Progress};
pub(crate) use proof::ProofCollector;
