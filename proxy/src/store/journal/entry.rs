//! What the journal knows of a submission.

use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;
use std::time::Duration;

use deal_contract::reference::Reference;
use deal_contract::reply::Deal;
use deal_contract::revision::Revision;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::content::Content;
use crate::settings::clock::Moment;
use crate::store::spool::FolderName;

/// One content under one reference. A later content under the same reference has a higher one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ticket(pub(crate) i64);

/// How long a claim is valid without a renewal. A proxy that stops without a word delays its
/// submissions by at most that long.
pub(crate) const LEASE: Duration = Duration::from_secs(120);

/// How far a submission has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Taken, and not yet settled with the CRM.
    Queued,
    /// The CRM has the deal.
    Delivered,
    /// The CRM does not want it.
    Refused,
    /// Set aside: the CRM never answered, or the files are gone.
    Failed,
}

/// Not the name of a state.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("“{0}” is no state: write queued, delivered, refused or failed")]
pub struct StateError(String);

/// Answers and files: what a visitor wrote. It has no `Display`, and its `Debug` only counts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Body {
    /// Parameters and values, in the order of the form.
    pub(crate) values: Vec<(String, String)>,
    pub(crate) files: Vec<StoredFile>,
}

/// A file in the submission's folder of the spool.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    /// The visitor's name for it.
    pub(crate) name: String,
    /// The media type of its kind.
    pub(crate) media_type: String,
    pub(crate) bytes: u64,
    /// Our name for it, in the folder.
    pub(crate) file: String,
}

/// A submission that is on disk and wants to be entered.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) form: String,
    pub(crate) reference: Reference,
    pub(crate) content: Content,
    pub(crate) body: Body,
    pub(crate) folder: Option<FolderName>,
    /// The number that the page gave the request, if it numbers them.
    pub(crate) revision: Option<Revision>,
    /// The newest ticket when the request began.
    pub(crate) begun: Ticket,
    /// The draft to enter the submission as if its reference belongs to another draft. Without it,
    /// the sender gets an error and chooses another reference.
    pub(crate) otherwise: Option<OtherDraft>,
}

/// Another reference for a submission, and the digest of its content under that reference.
#[derive(Debug)]
pub(crate) struct OtherDraft {
    pub(crate) reference: Reference,
    pub(crate) content: Content,
}

/// What the CRM said. Whoever sends the same again hears the same again; a refusal only for a while,
/// since what it was about may have been mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The deal.
    Delivered(Deal),
    /// Its words.
    Refused(String),
}

/// What came of entering a submission, and the reference under which it is known now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Admission {
    pub(crate) reference: Reference,
    pub(crate) admitted: Admitted,
}

/// What came of entering a submission.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Admitted {
    /// Nothing was entered: this very content has been settled with the CRM.
    Answered(Answer),
    /// Nothing was entered: this very content is on its way.
    Known(Ticket),
    /// It is in the journal, in place of what it replaces.
    Entered { ticket: Ticket, replaced: Option<Replaced> },
    /// Nothing was entered: the reference is a draft of another form.
    Foreign,
    /// Nothing was entered: a newer content of the same draft is known.
    Outdated(Status),
    /// Nothing was entered: the reference belongs to another draft of the same form.
    AnotherDraft,
}

/// An earlier content under the same reference.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Replaced {
    pub(crate) ticket: Ticket,
    /// Its files, for the spool to remove.
    pub(crate) folder: Option<FolderName>,
}

/// A submission that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Open {
    pub(crate) ticket: Ticket,
    pub(crate) reference: Reference,
    pub(crate) folder: Option<FolderName>,
    pub(crate) due_at: Moment,
    /// The wait that was chosen.
    pub(crate) wait: Duration,
    /// Whether the CRM asked for it.
    pub(crate) asked: bool,
    pub(crate) attempts: u32,
}

/// All that an attempt to deliver needs.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    pub(crate) claim: Claim,
    pub(crate) form: String,
    pub(crate) body: Body,
    pub(crate) folder: Option<FolderName>,
    pub(crate) attempts: u32,
    /// All waits so far.
    pub(crate) waited: Duration,
    /// Whether the CRM may have an earlier content of the same reference.
    pub(crate) correction: bool,
}

/// The right to deliver one content of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) ticket: Ticket,
    pub(crate) reference: Reference,
    /// Counts the claims on the reference.
    pub(super) number: i64,
}

/// The result of claiming a submission.
#[derive(Debug)]
pub(crate) enum Claimed {
    /// All that a delivery needs.
    Granted(Parcel),
    /// Another proxy has a claim until then.
    Held(Moment),
    /// The submission was replaced, purged or settled.
    Gone,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Settlement {
    /// The CRM's word.
    Answered(Answer),
    /// Nothing yet.
    Later {
        /// For the operator, without a word of the visitor's.
        problem: String,
        due_at: Moment,
        wait: Duration,
        /// Whether the CRM asked for it.
        asked: bool,
        /// Whether the wait counts towards giving up.
        counts: bool,
    },
    /// Set aside.
    Failed {
        /// For the operator, without a word of the visitor's.
        problem: String,
    },
}

/// What a submission's status says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is here, and will be delivered.
    Received,
    /// The CRM has spoken.
    Answered(Answer),
    /// It is here, and somebody has to look at it.
    Failed,
}

/// A submission's state and the revision of the content that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) standing: Standing,
    pub(crate) revision: Option<Revision>,
}

/// How many submissions are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// On their way.
    pub queued: u64,
    /// In the CRM.
    pub delivered: u64,
    /// Not wanted by the CRM.
    pub refused: u64,
    /// Set aside.
    pub failed: u64,
}

impl State {
    /// As the journal and the operator write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

impl Display for State {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for State {
    type Err = StateError;

    fn from_str(text: &str) -> Result<Self, StateError> {
        [Self::Queued, Self::Delivered, Self::Refused, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| StateError(text.to_owned()))
    }
}

impl Debug for Body {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("values", &self.values.len())
            .field("files", &self.files.len())
            .finish()
    }
}
