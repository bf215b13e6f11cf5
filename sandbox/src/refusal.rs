//! Why the CRM says no: each reason with the exact sentence that goes into `error_message`.

use thiserror::Error;

/// A call that the CRM refuses. Nothing is stored.
///
/// The sentences are this stand-in's own: the reference only says that there is an
/// `error_message`. They never repeat a value that was sent.
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
    /// A fault that a test asked for.
    #[error("{0}")]
    OnDemand(String),
}
