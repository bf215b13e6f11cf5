use deal_contract::reply::Deal;

use super::crm_api::CrmError;
use super::send_deadline::SendDeadline;
use crate::store::Delivery;

/// Delivers submissions to the CRM.
pub(crate) trait CrmClient: Send + Sync + 'static {
    /// Calls the CRM once, without retries, and returns its deal. Sends nothing after the deadline.
    fn deliver(
        &self,
        delivery: &Delivery,
        deadline: &SendDeadline,
    ) -> impl Future<Output = Result<Deal, CrmError>> + Send;
}
