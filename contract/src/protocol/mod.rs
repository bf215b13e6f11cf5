//! The protocol between a page and the proxy: the names of form fields, headers and addresses, and
//! the JSON of each response.
//!
//! Both sides use the same types. The proxy writes a response with serde, and the widget reads it
//! through [`Json`](crate::json::Json), because a serde deserializer would add kilobytes to the
//! widget. The [definition](crate::definition::PublicDefinition) of a form and the
//! [reply](crate::reply::Reply) of the CRM are written and read in the same way.

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
