//! The data of submissions.

use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use deal_contract::reference::Reference;
use deal_contract::reply::Deal;
use deal_contract::revision::Revision;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};
use thiserror::Error;

/// The number of one version of a submission's content. All content that is stored later has a higher number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ticket(pub(crate) i64);

/// The random name for the files of one submission. The name does not depend on the location of the files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FileSetId(pub(super) String);

/// The state of a submission.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Display,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(
    serialize_all = "snake_case",
    parse_err_ty = StateError,
    parse_err_fn = StateError::new,
)]
pub enum State {
    /// Admitted, and waiting for delivery.
    Queued,
    /// The CRM has the deal.
    Delivered,
    /// The CRM refused the deal.
    Refused,
    /// The proxy gave up: the CRM never gave a final reply, or the files are gone.
    Failed,
}

/// The text is not the name of a state.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("“{0}” is not a state; use queued, delivered, refused or failed")]
pub struct StateError(String);

/// A visitor's answers and files. The type has no `Display`, and its `Debug` prints only the number of answers and
/// files.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answers {
    /// Parameters and values, in the order of the form.
    pub(crate) values: Vec<(String, String)>,
    pub(crate) files: Vec<StoredFile>,
    /// The words that the visitor agreed to, the answers and the time. Empty if no preset contains this text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) consent: String,
}

/// A file of a submission.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    /// The visitor's name for the file.
    pub(crate) name: String,
    /// The media type of the file's kind.
    pub(crate) media_type: String,
    pub(crate) bytes: u64,
    /// The store's name for the file.
    pub(crate) file: String,
}

/// The CRM's reply to a submission. The proxy repeats the reply for the same content. It repeats a refusal only for a
/// while, because the cause may have been corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CrmReply {
    /// The deal.
    Delivered(Deal),
    /// The CRM's message.
    Refused(String),
}

/// A submission whose next attempt is due, and which this proxy has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DueSubmission {
    pub(crate) ticket: Ticket,
    pub(crate) reference: Reference,
    pub(crate) has_files: bool,
    /// Whether it did not have to wait: it has just arrived, or an operator has retried it.
    pub(crate) is_immediate: bool,
    /// The time until the attempt. It is zero unless the clock was set back during the wait: then the submission waits
    /// again.
    pub(crate) due_in: Duration,
}

/// A claimed submission with the data for an attempt.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) claim: Claim,
    pub(crate) form: String,
    pub(crate) answers: Answers,
    pub(crate) files: Option<FileSetId>,
    /// The earlier attempts, except those that do not count towards giving up.
    pub(crate) attempts: u32,
    /// The sum of the waits that count towards giving up.
    pub(crate) waited: Duration,
    /// Whether the CRM may have earlier content with the same reference.
    pub(crate) correction: bool,
}

/// The right to deliver the content of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) ticket: Ticket,
    pub(crate) reference: Reference,
    /// The number of this claim. Each new claim on the reference has the next number.
    pub(super) number: i64,
}

/// The result of claiming a submission.
#[derive(Debug)]
pub(crate) enum ClaimResult {
    /// The claim is granted.
    Granted(Delivery),
    /// Another proxy has a claim, or it had the last claim and the next attempt is not due yet.
    Held,
    /// The submission was replaced, purged or settled.
    Gone,
}

/// The outcome of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The CRM replied.
    Replied(CrmReply),
    /// Another attempt follows.
    Retry {
        /// The reason, for the operator. It does not contain the visitor's answers.
        problem: String,
        /// The time until the next attempt.
        wait: Duration,
        /// Whether the CRM asked for this wait.
        deferred: bool,
        /// Whether the attempt and the wait count towards giving up.
        counts: bool,
    },
    /// The proxy gives up. The submission is kept for the operator.
    Failed {
        /// The reason, for the operator. It does not contain the visitor's answers.
        problem: String,
    },
}

/// The status of a submission for its visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SubmissionStatus {
    /// The submission is stored, and will be delivered.
    Received,
    /// The CRM replied.
    Replied(CrmReply),
    /// The delivery failed, and the operator has to handle the submission.
    Failed,
}

/// The status of a submission, with the revision of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatusReport {
    pub(crate) status: SubmissionStatus,
    pub(crate) revision: Option<Revision>,
}

/// The response to a submission that its visitor has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// The refusal.
    RefusalSeen,
    /// The confirmation that the submission arrived, on a page without numbered requests.
    ArrivalConfirmed,
}

/// The number of submissions in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Waiting for delivery.
    pub queued: u64,
    /// In the CRM.
    pub delivered: u64,
    /// Refused by the CRM.
    pub refused: u64,
    /// Given up.
    pub failed: u64,
}

impl State {
    /// Returns the state's name for operators.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl StateError {
    fn new(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Counts {
    /// Adds submissions in a state.
    pub(super) fn add(&mut self, state: State, count: u64) {
        match state {
            State::Queued => self.queued += count,
            State::Delivered => self.delivered += count,
            State::Refused => self.refused += count,
            State::Failed => self.failed += count,
        }
    }
}

impl Debug for Answers {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers")
            .field("values", &self.values.len())
            .field("files", &self.files.len())
            .finish_non_exhaustive()
    }
}
