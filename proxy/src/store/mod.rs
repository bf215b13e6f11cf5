//! Stores submissions and their files.
//!
//! The [`Store`] makes every change. The store keeps rows and files consistent: files are on disk before the row that
//! names them, and are removed after that row. It uses two interfaces, [`SubmissionStore`] for rows and [`FileStore`]
//! for files. An engine implements both: [local] with `SQLite` and a folder, and one in memory for tests. The rules of
//! [rows](row) and [admission] are functions without I/O, which every engine applies. The conformance suite runs
//! against each engine.

mod admission;
#[cfg(test)]
mod conformance;
mod content;
mod engine;
mod error;
mod files;
mod files_in_use;
mod list;
mod local;
#[cfg(test)]
pub(crate) mod memory;
mod owner;
mod proofs;
mod quota;
mod relation;
mod row;
#[cfg(feature = "shared")]
mod shared;
mod submission;

pub(crate) use self::admission::{Admission, AdmissionKind, Draft, NewSubmission};
pub(crate) use self::content::ContentDigest;
pub(crate) use self::engine::{FileStream, Reservation};
pub use self::error::StoreError;
pub(crate) use self::files::{FileUpload, PendingFiles, UploadedFile};
pub use self::list::{Cursor, Entry, EntryContent, Filter, Page};
pub use self::local::OpenError;
pub use self::owner::Store;
pub(crate) use self::proofs::{DraftContent, MAX_CONTENTS, ProofDigest, ProofStore};
pub(crate) use self::row::{LEAST_SEND, LONGEST_SEND, RENEWAL_INTERVAL};
#[cfg(feature = "shared")]
pub use self::shared::OpenSharedError;
pub(crate) use self::submission::{
    Answers, Claim, ClaimResult, CrmReply, Delivery, DueSubmission, FileSetId, Mark, Outcome,
    StatusReport, StoredFile, SubmissionStatus, Ticket,
};
pub use self::submission::{Counts, State, StateError};
