//! Delivers stored submissions to the CRM.
//!
//! The [scheduler] decides which submission is delivered next, the [queue] delivers it, and the [client] calls the CRM.

mod attempt;
mod backoff;
mod circuit_breaker;
mod cleaner;
mod client;
mod crm_api;
mod http_client;
mod idle_timeout;
mod kept;
mod metrics;
mod outgoing;
mod parameters;
mod queue;
mod refusal;
mod scheduler;
mod send_deadline;
mod waiters;
mod worker;

#[cfg(test)]
pub(crate) use self::client::CrmClient;
pub(crate) use self::crm_api::CrmApi;
#[cfg(test)]
pub(crate) use self::crm_api::CrmError;
pub use self::crm_api::CrmSetupError;
pub(crate) use self::http_client::{CurrentForms, HttpCrmClient};
pub(crate) use self::metrics::DeliveryMetrics;
pub(crate) use self::queue::{Queue, Submitted};
#[cfg(test)]
pub(crate) use self::send_deadline::SendDeadline;
pub(crate) use self::waiters::AttemptEnd;
