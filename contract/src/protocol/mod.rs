//! What a page and the proxy exchange: the names of form fields, headers and addresses, and the JSON
//! of every answer.
//!
//! One definition serves both sides. The proxy writes an answer with serde, and the widget reads it
//! through [`Json`](crate::json::Json): a serde deserialiser would add kilobytes to the page. The
//! [definition](crate::definition::PublicDefinition) of a form and the [reply](crate::reply::Reply) of
//! the CRM are written and read in the same way.

mod field_error;
mod names;
mod proof;
mod refusal;
mod status;
mod submit;

pub use field_error::FieldError;
pub use names::{field, header, path};
pub use proof::{CaptchaSite, Challenge, ProofRequest, Solution};
pub use refusal::RefusalCode;
pub use status::{SubmissionState, SubmissionStatus};
pub use submit::{Received, RefusalBody, SubmitOutcome, SubmitResponse};
