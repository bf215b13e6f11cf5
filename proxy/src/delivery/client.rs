use deal_contract::reply::Deal;

use super::crm_api::CrmError;
use crate::store::Delivery;

/// Delivers a submission to the CRM. An implementation makes one call and retries nothing.
pub(crate) trait CrmClient: Send + Sync + 'static {
    /// Calls the CRM, and returns its deal.
    fn deliver(&self, delivery: &Delivery) -> impl Future<Output = Result<Deal, CrmError>> + Send;
}
