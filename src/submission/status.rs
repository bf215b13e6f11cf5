//! What became of a submission whose answer was lost: the proxy is asked, nobody guesses.

use std::time::Duration;

use deal_contract::json::Json;
use deal_contract::protocol::{SubmissionState, SubmissionStatus, path};
use wasm_bindgen::JsValue;

use super::failure::{Failure, Outcome, Sent};
use crate::transport::below;
use crate::transport::get::get;

/// How long the proxy may take to say so.
const LIMIT: Duration = Duration::from_secs(10);

/// Asks, below the address that the form is posted to. `then` gets nothing when the submission has
/// not arrived, or nobody answers in the way of the deal-proxy.
pub(crate) fn ask(url: &str, sent: &Sent, then: impl FnOnce(Option<Outcome>) + 'static) {
    let address = below(url, &[path::SUBMISSIONS, "/", &sent.reference].concat());
    let revision = sent.revision.clone();
    get(address, Some(LIMIT), JsValue::UNDEFINED, move |status| {
        then(status.ok().and_then(|status| outcome(&status, &revision)));
    });
}

fn outcome(status: &impl Json, sent: &str) -> Option<Outcome> {
    let status = SubmissionStatus::read(status)?;
    // The status is about an earlier request or another page's: this request has not arrived. A
    // proxy without revisions sends none.
    if status.revision.is_some_and(|known| known != sent) {
        return None;
    }
    Some(match status.state {
        // Kept for an operator, it is as safe as one that waits.
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
    fn each_state_that_the_proxy_knows_is_understood() {
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
    fn only_the_status_of_the_last_request_counts() {
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
    fn what_is_not_understood_is_no_answer() {
        check(r#"{"error_message": "x", "code": "submission_unknown"}"#, None);
        check(r#"{"state": "delivered"}"#, None);
        check(r#"{"state": "new"}"#, None);
        check("[]", None);
    }
}
