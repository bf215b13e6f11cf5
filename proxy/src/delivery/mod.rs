//! From a submission that the form takes to the CRM's reply.

mod crm;
mod outgoing;
mod pulse;

use deal_contract::definition::PrivateDefinition;
use deal_contract::reference;
use deal_contract::reply::Deal;

pub use self::crm::CrmSetupError;
pub(crate) use self::crm::{Crm, CrmError};
use self::outgoing::Outgoing;
use crate::intake::Submission;

/// Adds what the form adds, hands it all to the CRM, and gives its reply.
pub(crate) async fn deliver(
    crm: &Crm,
    presets: &PrivateDefinition,
    submission: &Submission,
) -> Result<Deal, CrmError> {
    let texts = submission
        .values
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .chain(presets.presets.iter().map(|(name, value)| (&**name, &**value)))
        .chain([(reference::PARAMETER, submission.reference.as_str())])
        .collect();
    crm.add_deal(Outgoing { texts, files: &submission.files }).await
}
