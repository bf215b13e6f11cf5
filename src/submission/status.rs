//! Asks the proxy for the status of a submission whose response was lost.

use std::time::Duration;

use deal_contract::json::Json;
use deal_contract::protocol::{SubmissionState, SubmissionStatus, path};
use wasm_bindgen::JsValue;

use super::failure::{Failure, Outcome, RequestId};
use crate::transport::below;
use crate::transport::get::get;

/// How long to wait for the status.
const LIMIT: Duration = Duration::from_secs(10);

/// Passes the outcome of the request to `then`, or `None` if the submission has not arrived or no
/// deal-proxy responds.
pub(crate) fn query(url: &str, request: &RequestId, then: impl FnOnce(Option<Outcome>) + 'static) {
    let address = below(url, &[path::SUBMISSIONS, "/", &request.reference].concat());
    let revision = request.revision.clone();
    get(address, Some(LIMIT), None, JsValue::UNDEFINED, move |status| {
        then(status.ok().and_then(|status| outcome(&status, &revision)));
    });
}

fn outcome(status: &impl Json, revision: &str) -> Option<Outcome> {
    let status = SubmissionStatus::read(status)?;
    // A status with another revision is about an earlier request or another page: this request has not
    // arrived. Older proxies send no revision.
    if status.revision.is_some_and(|known| known != revision) {
        return None;
    }
    Some(match status.state {
        // A failed submission is not lost: the operator can retry it.
        SubmissionState::Received | SubmissionState::Failed => {
            Outcome::Kept(status.external_reference_id)
        }
        SubmissionState::Delivered(deal) => Outcome::Arrived(deal),
        SubmissionState::Refused(message) => Outcome::Failed(Failure::Crm(message)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use deal_contract::json::Value;
    use deal_contract::reply::Deal;

    #[track_caller]
    fn check(json: &str, expected: Option<Outcome>) {
        let status: Value = serde_json::from_str(json).unwrap();
        assert_eq!(outcome(&status, "0000000a-2"), expected, "{json}");
    }

    #[test]
    fn understands_each_state_of_a_submission() {
        let kept = || Some(Outcome::Kept("web-1".to_owned()));
        check(r#"{"state": "received", "external_reference_id": "web-1"}"#, kept());
        check(r#"{"state": "failed", "external_reference_id": "web-1"}"#, kept());
        let deal = Deal { deal_id: "7".to_owned(), ..Deal::default() };
        check(
            r#"{"state": "delivered", "reply": {"message": "success", "deal_id": 7}}"#,
            Some(Outcome::Arrived(deal)),
        );
        check(
            r#"{"state": "refused", "error_message": "No"}"#,
            Some(Outcome::Failed(Failure::Crm("No".to_owned()))),
        );
    }

    #[test]
    fn ignores_the_status_of_another_request() {
        let status = |revision: &str| {
            let known = r#""state": "received", "external_reference_id": "web-1""#;
            format!(r#"{{{known}, "revision": "{revision}"}}"#)
        };
        check(&status("0000000a-2"), Some(Outcome::Kept("web-1".to_owned())));
        for other in ["0000000a-1", "0000000a-3", "0000000b-2", "2", ""] {
            check(&status(other), None);
        }
    }

    #[test]
    fn ignores_a_status_that_it_does_not_understand() {
        check(r#"{"error_message": "x", "code": "submission_unknown"}"#, None);
        check(r#"{"state": "delivered"}"#, None);
        check(r#"{"state": "new"}"#, None);
        check("[]", None);
    }
}
