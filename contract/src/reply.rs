//! The CRM's reply to a submission.

use serde::Serialize;

use crate::json::Json;
use crate::messages::MessageKey;

/// The CRM's reply. Its two shapes are described at the end of the CRM's API reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Reply {
    /// The deal was added or updated.
    Success(Deal),
    /// The CRM refused the deal.
    Refused {
        /// The CRM's message: plain text, never markup.
        error_message: String,
    },
}

/// A deal in the CRM's reply. Missing values are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "message", rename = "success")]
pub struct Deal {
    /// The CRM's number for the deal.
    pub deal_id: String,
    /// The sender's reference.
    pub external_reference_id: String,
    /// `YYYY-MM-DD`.
    pub expected_closing_date: String,
    /// `YYYY-MM-DD`.
    pub actual_closing_date: String,
    /// Digits, spaces, commas and full stops.
    pub expected_closing_amount: String,
    /// Digits, spaces, commas and full stops.
    pub actual_closing_amount: String,
    /// The deal's stage.
    pub stage: String,
    /// open, closed, won or lost.
    pub resolution: String,
}

impl Deal {
    /// Returns whether the reply confirms that the deal with this reference is stored: the reply
    /// names a deal, and does not name another reference.
    ///
    /// ```
    /// use deal_contract::reply::Deal;
    ///
    /// let deal = Deal { deal_id: "5452".to_owned(), ..Deal::default() };
    /// assert!(deal.confirms("web-1"));
    /// assert!(!Deal::default().confirms("web-1"));
    /// assert!(!Deal { external_reference_id: "web-2".to_owned(), ..deal }.confirms("web-1"));
    /// ```
    pub fn confirms(&self, reference: &str) -> bool {
        let names_a_deal = !matches!(self.deal_id.trim(), "" | "0" | "null" | "false");
        let known = self.external_reference_id.trim();
        names_a_deal && (known.is_empty() || known == reference)
    }

    /// Creates a deal that the proxy has stored under this reference, but that has no number yet.
    pub fn received(reference: &str) -> Self {
        Self { external_reference_id: reference.to_owned(), ..Self::default() }
    }

    /// The names of the values, in the order in which visitors see them.
    pub const NAMES: [&str; 8] = [
        "deal_id",
        "stage",
        "resolution",
        "expected_closing_date",
        "actual_closing_date",
        "expected_closing_amount",
        "actual_closing_amount",
        "external_reference_id",
    ];

    /// Returns the values with their labels, in the order of [`NAMES`](Self::NAMES).
    pub(crate) fn values(&self) -> [(MessageKey, &str); 8] {
        [
            (MessageKey::DealId, &*self.deal_id),
            (MessageKey::DealStage, &self.stage),
            (MessageKey::DealResolution, &self.resolution),
            (MessageKey::DealExpectedClosingDate, &self.expected_closing_date),
            (MessageKey::DealActualClosingDate, &self.actual_closing_date),
            (MessageKey::DealExpectedClosingAmount, &self.expected_closing_amount),
            (MessageKey::DealActualClosingAmount, &self.actual_closing_amount),
            (MessageKey::DealExternalReferenceId, &self.external_reference_id),
        ]
    }
}

impl Reply {
    /// Reads a reply. Numbers become text, and null becomes empty.
    ///
    /// Returns `None` if the JSON has neither of the two shapes, and therefore is not from the CRM.
    ///
    /// ```
    /// use deal_contract::json::Value;
    /// use deal_contract::reply::Reply;
    ///
    /// let json: Value = serde_json::from_str(r#"{"error_message": "Invalid key"}"#)?;
    /// let refused = Reply::Refused { error_message: "Invalid key".to_owned() };
    /// assert_eq!(Reply::read(&json), Some(refused));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn read(json: &impl Json) -> Option<Self> {
        let get = |name| json.member_text(name);
        if let Some(error_message) = get("error_message").filter(|message| !message.is_empty()) {
            return Some(Self::Refused { error_message });
        }
        if get("message").as_deref() != Some("success") {
            return None;
        }
        let text = |name| get(name).unwrap_or_default();
        Some(Self::Success(Deal {
            deal_id: text("deal_id"),
            external_reference_id: text("external_reference_id"),
            expected_closing_date: text("expected_closing_date"),
            actual_closing_date: text("actual_closing_date"),
            expected_closing_amount: text("expected_closing_amount"),
            actual_closing_amount: text("actual_closing_amount"),
            stage: text("stage"),
            resolution: text("resolution"),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &serde_json::Value) -> Option<Reply> {
        let json: crate::json::Value = serde_json::from_value(json.clone()).unwrap();
        Reply::read(&json)
    }

    #[test]
    fn writes_a_success_as_in_the_api_reference() {
        let json = serde_json::json!({
            "message": "success", "deal_id": "5452", "external_reference_id": "web-1",
            "expected_closing_date": "2020-09-30", "actual_closing_date": "",
            "expected_closing_amount": "523", "actual_closing_amount": "", "stage": "New",
            "resolution": "open",
        });
        assert_eq!(serde_json::to_value(read(&json).unwrap()).unwrap(), json);
    }

    #[test]
    fn reads_numbers_and_nulls_as_text() {
        let json = serde_json::json!({"message": "success", "deal_id": 5452, "stage": null});
        let deal = Deal { deal_id: "5452".to_owned(), ..Deal::default() };
        assert_eq!(read(&json), Some(Reply::Success(deal)));
    }

    #[test]
    fn reads_a_success_with_an_error_message_as_a_refusal() {
        let json = serde_json::json!({"message": "success", "error_message": "No"});
        assert_eq!(read(&json), Some(Reply::Refused { error_message: "No".to_owned() }));
    }

    #[test]
    fn rejects_json_that_is_not_a_reply() {
        assert_eq!(read(&serde_json::json!({"message": "ok"})), None);
        assert_eq!(read(&serde_json::json!({"deal_id": "1"})), None);
        assert_eq!(read(&serde_json::json!([1])), None);
    }
}
