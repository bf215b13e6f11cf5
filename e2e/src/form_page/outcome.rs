//! The outcome of a submission, as the form shows it.

use serde_json::json;

use super::FormPage;
use crate::wait::wait_for;

/// What the form shows after a failed attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The heading, which says what happened.
    pub heading: String,
    /// The message from the CRM or the proxy.
    pub message: String,
    /// The advice on what the visitor can do.
    pub advice: String,
    /// The sentence that says that the answers are still there.
    pub kept: String,
}

impl FormPage<'_> {
    /// Returns the failure that the form shows, or `None` if it shows no failure.
    #[track_caller]
    pub fn failure(self) -> Option<Failure> {
        // One script reads all parts: the form may retry in the meantime.
        let parts = "return ['heading', 'message', 'advice', 'kept']
            .map((part) => read(`.df-failure .df-${part}`));";
        let parts: [Option<String>; 4] = serde_json::from_value(self.script(parts, &[])).unwrap();
        let [heading, message, advice, kept] = parts;
        Some(Failure {
            heading: heading?,
            message: message.unwrap_or_default(),
            advice: advice.unwrap_or_default(),
            kept: kept.unwrap_or_default(),
        })
    }

    /// Waits until the attempt has failed.
    #[track_caller]
    pub fn wait_for_failure(self) -> Failure {
        wait_for("a failure", || {
            assert_eq!(self.read(".df-result"), None, "the attempt succeeded");
            self.failure()
        })
    }

    /// Waits for a failure with this heading. If the form still shows an earlier failure, that
    /// failure must have another heading.
    #[track_caller]
    pub fn wait_for_failure_titled(self, heading: &str) -> Failure {
        wait_for(&format!("the failure “{heading}”"), || {
            self.failure().filter(|failure| failure.heading == heading)
        })
    }

    /// Waits until the form shows the result, and returns its text.
    #[track_caller]
    pub fn wait_for_result(self) -> String {
        wait_for("the result", || {
            assert_eq!(self.failure(), None, "the attempt failed");
            self.read(".df-result")
        })
    }

    /// Waits until the form shows a deal, and returns its number.
    #[track_caller]
    pub fn wait_for_deal(self) -> String {
        self.wait_for_result();
        self.result_value("Your reference number").expect("the result has no deal number")
    }

    /// Like [`Self::wait_for_deal`], but a failure may come first, because the form retries. The form
    /// also shows the failure during the retry.
    #[track_caller]
    pub fn wait_for_deal_after_retry(self) -> String {
        wait_for("the deal", || self.result_value("Your reference number"))
    }

    /// Waits until the form shows that the proxy has received the submission, and returns the
    /// reference.
    #[track_caller]
    pub fn wait_until_received(self) -> String {
        wait_for("the received submission", || {
            self.read(".df-result .df-thanks")
                .filter(|text| text.starts_with("We have your request"))
        });
        self.result_value("Form reference").expect("the result has no reference")
    }

    /// Waits until the whole request is sent and the form is waiting for the response.
    #[track_caller]
    pub fn wait_until_uploaded(self) {
        wait_for("the end of the upload", || {
            self.progress().filter(|text| text.starts_with("Everything is sent"))
        });
    }

    /// Waits for the countdown to the next retry, and returns its text.
    #[track_caller]
    pub fn wait_for_countdown(self) -> String {
        wait_for("the countdown", || self.countdown())
    }

    /// Returns the text of the countdown to the next retry, or `None` if no countdown is visible.
    pub fn countdown(self) -> Option<String> {
        self.read(".df-activity:has(.df-bar[hidden]) .df-sent")
    }

    /// Returns the value with this label in the result, or `None` if the result does not show it.
    #[track_caller]
    pub fn result_value(self, label: &str) -> Option<String> {
        let script = "const terms = [...root.querySelectorAll('.df-result dt')];
            const term = terms.find((term) => seen(term) && term.innerText.trim() === arguments[1]);
            return term?.nextElementSibling.innerText.trim() ?? null;";
        self.script(script, &[json!(label)]).as_str().map(str::to_owned)
    }

    /// Returns the progress text, or `None` if nothing is being sent.
    #[track_caller]
    pub fn progress(self) -> Option<String> {
        self.read(".df-activity:not(:has(.df-bar[hidden])) .df-sent")
    }
}
