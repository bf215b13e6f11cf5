//! From a submission in the journal to the CRM's reply.
//!
//! The [desk] decides what is delivered when, the [queue] does it, and the
//! [CRM](crm) is asked. What is left of an earlier run is [recovered](recovery) first.

mod ambient;
mod attempt;
mod backoff;
mod cleaner;
mod client;
mod crm;
mod desk;
mod doubt;
mod kept;
mod outgoing;
mod post;
mod pulse;
mod queue;
mod recovery;
#[cfg(test)]
mod simulation;
mod waiting;
mod words;

pub(crate) use self::ambient::Ambient;
#[cfg(test)]
pub(crate) use self::client::CrmClient;
pub(crate) use self::crm::Crm;
#[cfg(test)]
pub(crate) use self::crm::CrmError;
pub use self::crm::CrmSetupError;
pub(crate) use self::post::{CurrentForms, Post};
pub(crate) use self::queue::{Entered, Queue};
pub use self::recovery::RecoveryError;
pub(crate) use self::recovery::recover;
pub(crate) use self::waiting::Ended;
