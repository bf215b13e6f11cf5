//! The reasons why the CRM refuses a call, each with its `error_message`.

use thiserror::Error;

/// Why the CRM refuses a call. A refused call stores nothing.
///
/// The CRM's API reference does not list the CRM's messages, so these are the sandbox's own. They never
/// repeat a value that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Refusal {
    #[error("key is missing")]
    NoKey,
    #[error("key is not a valid API key")]
    WrongKey,
    #[error("the request body could not be read")]
    Unreadable,
    #[error("deal_id is not the ID of a deal")]
    UnknownDeal,
    #[error("contact_id is not the ID of a contact")]
    UnknownContact,
    #[error("company_id is not the ID of a company")]
    UnknownCompany,
    #[error("{parameter} must be a date in the format YYYY-mm-dd")]
    NotADate { parameter: &'static str },
    #[error("{parameter} may only contain numbers, spaces and the characters , and .")]
    NotAnAmount { parameter: &'static str },
    #[error("{parameter} must be 1 or 2")]
    NotAFlag { parameter: &'static str },
    #[error("resolution must be open, closed, won or lost")]
    NotAResolution,
    /// The message of a fault.
    #[error("{0}")]
    OnDemand(String),
}
