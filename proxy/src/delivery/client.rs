use deal_contract::reply::Deal;

use super::crm_api::CrmError;
use crate::store::Delivery;

/// Delivers submissions to the CRM.
pub(crate) trait CrmClient: Send + Sync + 'static {
    /// Calls the CRM once, without retries, and returns its deal.
    fn deliver(&self, delivery: &Delivery) -> impl Future<Output = Result<Deal, CrmError>> + Send;
}
