use serde::Serialize;

use super::FieldError;
use crate::json::Json;
use crate::reply::{Deal, Reply};

/// The response to a submission.
///
/// ```
/// use deal_contract::json::Value;
/// use deal_contract::protocol::{Received, SubmitOutcome, SubmitResponse};
///
/// let json = r#"{"message":"received","external_reference_id":"web-1","revision":"1"}"#;
/// let response = SubmitResponse::read(&serde_json::from_str::<Value>(json)?).unwrap();
/// let received = Received { external_reference_id: "web-1".to_owned() };
/// assert_eq!(response.outcome, SubmitOutcome::Received(received));
/// assert_eq!(serde_json::to_string(&response)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubmitResponse {
    /// What happened to the submission.
    #[serde(flatten)]
    pub outcome: SubmitOutcome,
    /// The [revision](crate::revision::Revision) that the response is about. `None` if the request
    /// had no number, or if the proxy does not support revisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

/// What happened to a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum SubmitOutcome {
    /// The CRM has the deal.
    Delivered(Deal),
    /// The proxy has stored the submission and will deliver it to the CRM.
    Received(Received),
    /// The submission did not become a deal.
    Refused(RefusalBody),
}

/// The proxy has stored a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "message", rename = "received")]
pub struct Received {
    /// The reference under which it is stored.
    pub external_reference_id: String,
}

/// Why a request was refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RefusalBody {
    /// A sentence for the visitor: plain text, never markup.
    pub error_message: String,
    /// A [`RefusalCode`](super::RefusalCode). `None` in a reply from the CRM: such a reply has no
    /// code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The problems with the answers. The list is empty for other refusals.
    pub problems: Vec<FieldError>,
}

impl RefusalBody {
    fn is_empty(&self) -> bool {
        self.error_message.is_empty() && self.code.is_none() && self.problems.is_empty()
    }
}

impl Received {
    /// The value of `message`.
    pub const MESSAGE: &'static str = "received";
}

impl SubmitResponse {
    /// Reads a response. Returns `None` if the JSON is not a response to a submission.
    pub fn read(json: &impl Json) -> Option<Self> {
        Some(Self { outcome: SubmitOutcome::read(json)?, revision: json.member_text("revision") })
    }
}

impl SubmitOutcome {
    fn read(json: &impl Json) -> Option<Self> {
        if json.member_text("message").as_deref() == Some(Received::MESSAGE) {
            let external_reference_id =
                json.member_text("external_reference_id").unwrap_or_default();
            return Some(Self::Received(Received { external_reference_id }));
        }
        let error_message = match Reply::read(json) {
            Some(Reply::Success(deal)) => return Some(Self::Delivered(deal)),
            Some(Reply::Refused { error_message }) => error_message,
            None => String::new(),
        };
        let problems = json.member("problems").and_then(|problems| problems.items());
        let problems = problems.unwrap_or_default().iter().map(FieldError::read).collect();
        let refusal = RefusalBody { error_message, code: json.member_text("code"), problems };
        (!refusal.is_empty()).then_some(Self::Refused(refusal))
    }
}

#[cfg(test)]
mod tests {
    use super::super::RefusalCode;
    use super::*;
    use crate::code::Code;
    use crate::json::Value;
    use crate::problem::{English, Problem};

    #[track_caller]
    fn check(outcome: SubmitOutcome, expected: &str) {
        for (revision, end) in [(None, "}"), (Some("1"), r#","revision":"1"}"#)] {
            let revision = revision.map(str::to_owned);
            let response = SubmitResponse { outcome: outcome.clone(), revision };
            let json = serde_json::to_string(&response).unwrap();
            assert_eq!(json, format!("{}{end}", expected.strip_suffix('}').unwrap()));
            let json: Value = serde_json::from_str(&json).unwrap();
            assert_eq!(SubmitResponse::read(&json), Some(response));
        }
    }

    #[test]
    fn reads_every_response_that_it_writes() {
        check(
            SubmitOutcome::Delivered(Deal { deal_id: "7".to_owned(), ..Deal::default() }),
            concat!(
                r#"{"message":"success","deal_id":"7","external_reference_id":"","#,
                r#""expected_closing_date":"","actual_closing_date":"","#,
                r#""expected_closing_amount":"","actual_closing_amount":"","stage":"","#,
                r#""resolution":""}"#
            ),
        );
        let external_reference_id = "web-1".to_owned();
        check(
            SubmitOutcome::Received(Received { external_reference_id }),
            r#"{"message":"received","external_reference_id":"web-1"}"#,
        );
        let problem = Problem::new(Code::Required, "a", "A");
        check(
            SubmitOutcome::Refused(RefusalBody {
                error_message: "Fill in “A”.".to_owned(),
                code: Some(RefusalCode::Problems.as_str().to_owned()),
                problems: vec![FieldError::new(&problem, &English)],
            }),
            concat!(
                r#"{"error_message":"Fill in “A”.","code":"problems","#,
                r#""problems":[{"code":"required","field":"a","message":"Fill in “A”."}]}"#
            ),
        );
    }

    #[test]
    fn reads_a_refusal_without_a_code() {
        let json: Value = serde_json::from_str(r#"{"error_message": "No"}"#).unwrap();
        let refusal = RefusalBody { error_message: "No".to_owned(), ..RefusalBody::default() };
        let response = SubmitResponse::read(&json).unwrap();
        assert_eq!(response.outcome, SubmitOutcome::Refused(refusal));
    }

    #[test]
    fn rejects_json_that_is_not_a_response() {
        for json in ["{}", "[]", r#"{"message": "ok"}"#, r#"{"revision": "1"}"#, "\"text\""] {
            let json: Value = serde_json::from_str(json).unwrap();
            assert_eq!(SubmitResponse::read(&json), None);
        }
    }
}
