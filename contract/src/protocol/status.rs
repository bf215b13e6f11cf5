use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::json::Json;
use crate::reply::{Deal, Reply};

/// The response to a request for the status of a submission.
///
/// ```
/// use deal_contract::json::Value;
/// use deal_contract::protocol::{SubmissionState, SubmissionStatus};
///
/// let json = r#"{"state":"received","external_reference_id":"web-1","revision":""}"#;
/// let status = SubmissionStatus::read(&serde_json::from_str::<Value>(json)?).unwrap();
/// assert_eq!(status.state, SubmissionState::Received);
/// assert_eq!(serde_json::to_string(&status)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionStatus {
    /// The state of the submission.
    pub state: SubmissionState,
    /// The reference of the submission.
    pub external_reference_id: String,
    /// The [revision](crate::revision::Revision) of the content that the state is about, or an
    /// empty string if the page does not number its requests. `None` if the proxy does not support
    /// revisions.
    pub revision: Option<String>,
}

/// The state of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionState {
    /// The proxy has stored the submission and will deliver it.
    Received,
    /// The CRM has the deal.
    Delivered(Deal),
    /// The CRM refused the submission with this message.
    Refused(String),
    /// The proxy has stored the submission, but an operator has to handle it.
    Failed,
}

impl SubmissionState {
    /// The names of all states.
    pub const NAMES: [&'static str; 4] = [RECEIVED, DELIVERED, REFUSED, FAILED];

    /// Returns the name of the state.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Received => RECEIVED,
            Self::Delivered(_) => DELIVERED,
            Self::Refused(_) => REFUSED,
            Self::Failed => FAILED,
        }
    }
}

const RECEIVED: &str = "received";
const DELIVERED: &str = "delivered";
const REFUSED: &str = "refused";
const FAILED: &str = "failed";

impl SubmissionStatus {
    /// Reads a status. Returns `None` if the JSON is not a status.
    pub fn read(json: &impl Json) -> Option<Self> {
        let state = match &*json.member_text("state")? {
            RECEIVED => SubmissionState::Received,
            FAILED => SubmissionState::Failed,
            DELIVERED => match Reply::read(&json.member("reply")?)? {
                Reply::Success(deal) => SubmissionState::Delivered(deal),
                Reply::Refused { .. } => return None,
            },
            REFUSED => SubmissionState::Refused(json.member_text("error_message")?),
            _ => return None,
        };
        Some(Self {
            state,
            external_reference_id: json.member_text("external_reference_id").unwrap_or_default(),
            revision: json.member_text("revision"),
        })
    }
}

impl Serialize for SubmissionStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("state", self.state.as_str())?;
        map.serialize_entry("external_reference_id", &self.external_reference_id)?;
        if let Some(revision) = &self.revision {
            map.serialize_entry("revision", revision)?;
        }
        match &self.state {
            SubmissionState::Delivered(deal) => map.serialize_entry("reply", deal)?,
            SubmissionState::Refused(message) => map.serialize_entry("error_message", message)?,
            SubmissionState::Received | SubmissionState::Failed => {}
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Value;

    #[test]
    fn reads_every_status_that_it_writes() {
        let deal = Deal { deal_id: "7".to_owned(), ..Deal::default() };
        let states = [
            SubmissionState::Received,
            SubmissionState::Delivered(deal),
            SubmissionState::Refused("No".to_owned()),
            SubmissionState::Failed,
        ];
        assert_eq!(states.each_ref().map(SubmissionState::as_str), SubmissionState::NAMES);
        for state in states {
            for revision in [None, Some(String::new()), Some("0000000a-2".to_owned())] {
                let external_reference_id = "web-1".to_owned();
                let written =
                    SubmissionStatus { state: state.clone(), external_reference_id, revision };
                let json = serde_json::to_string(&written).unwrap();
                let json: Value = serde_json::from_str(&json).unwrap();
                assert_eq!(SubmissionStatus::read(&json), Some(written));
            }
        }
    }

    #[test]
    fn rejects_json_that_is_not_a_status() {
        for json in [
            r#"{"error_message": "x", "code": "submission_unknown"}"#,
            r#"{"state": "delivered"}"#,
            r#"{"state": "delivered", "reply": {"error_message": "No"}}"#,
            r#"{"state": "new"}"#,
            "[]",
        ] {
            let json: Value = serde_json::from_str(json).unwrap();
            assert_eq!(SubmissionStatus::read(&json), None);
        }
    }
}
