//! The CRM's replies, with the keys from its API reference.

use serde::Serialize;

use crate::records::Deal;

/// The reply to a call that added or updated a deal. All values are text, empty if unset. The fields
/// are in the order of the API reference.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Success {
    message: &'static str,
    deal_id: String,
    external_reference_id: String,
    expected_closing_date: String,
    actual_closing_date: String,
    expected_closing_amount: String,
    actual_closing_amount: String,
    stage: String,
    resolution: &'static str,
}

impl Success {
    /// Creates a success reply with these IDs, even if the CRM has no deal with these IDs.
    pub(crate) fn claiming(deal_id: &str, external_reference_id: &str) -> Self {
        Self {
            message: "success",
            deal_id: deal_id.to_owned(),
            external_reference_id: external_reference_id.to_owned(),
            ..Self::default()
        }
    }
}

impl From<&Deal> for Success {
    fn from(deal: &Deal) -> Self {
        Self {
            message: "success",
            deal_id: deal.deal_id.into(),
            external_reference_id: deal.external_reference_id.clone().unwrap_or_default(),
            expected_closing_date: deal.expected_closing_date.clone().unwrap_or_default(),
            actual_closing_date: deal.actual_closing_date.clone().unwrap_or_default(),
            expected_closing_amount: deal.expected_closing_amount.clone().unwrap_or_default(),
            actual_closing_amount: deal.actual_closing_amount.clone().unwrap_or_default(),
            stage: deal.stage.clone(),
            resolution: deal.resolution.name(),
        }
    }
}

/// The reply to a refused call.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    pub(crate) error_message: String,
}
