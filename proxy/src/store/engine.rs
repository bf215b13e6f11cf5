//! The interfaces of an engine of the store: rows and files.
//!
//! They contain no database, no path and no clock. Each engine has its own clock for leases and due times, because the
//! clocks of proxies that share a database may differ.

use std::fmt::Debug;
use std::io::{self, Read, Seek};
use std::pin::Pin;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use deal_contract::reference::Reference;
use futures_core::Stream;
use prometheus_client::registry::Registry;

use super::admission::{Admission, NewSubmission};
use super::error::StoreError;
use super::list::{Cursor, Filter, Page};
use super::quota::QuotaRemoval;
use super::row::Row;
use super::submission::{
    Answers, Claim, ClaimResult, Counts, DueSubmission, FileSetId, Mark, Outcome, StatusReport,
    SubmissionStatus, Ticket,
};

/// The rows of all submissions. Each method is one transaction. A change is durable when its method returns.
///
/// If a change returns an error, it may still take effect: the result of a failed commit is uncertain.
#[async_trait]
pub(crate) trait SubmissionStore: Debug + Send + Sync {
    /// Returns the highest ticket so far. Submissions that are admitted later have higher tickets.
    async fn newest_ticket(&self) -> Result<Ticket, StoreError>;

    /// Stores a submission, unless its content is known or outdated, or its reference belongs to another draft or form.
    async fn admit(&self, new: NewSubmission) -> Result<Admission, StoreError>;

    /// Claims a submission for an attempt to deliver it.
    async fn claim(&self, ticket: Ticket) -> Result<ClaimResult, StoreError>;

    /// Renews the lease of a claim. Returns false if the claim was lost.
    async fn renew(&self, claim: &Claim) -> Result<bool, StoreError>;

    /// Stores the outcome of an attempt, and ends its claim. Returns false if the outcome is ignored, because the
    /// claim was lost or the content was replaced.
    async fn settle(&self, claim: &Claim, outcome: &Outcome) -> Result<bool, StoreError>;

    /// Returns the status of a submission for its visitor, or `None` if the form has no submission with this reference.
    async fn status(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<StatusReport>, StoreError>;

    /// Returns the status of this content of a submission, or `None` if it was replaced or removed.
    async fn status_of_content(
        &self,
        ticket: Ticket,
    ) -> Result<Option<SubmissionStatus>, StoreError>;

    /// Records that a visitor has seen the refusal or the confirmation of a submission.
    async fn mark(&self, form: &str, reference: &Reference, mark: Mark) -> Result<(), StoreError>;

    /// Claims at most `limit` submissions that are due and on which no proxy has a valid claim, those that have been due
    /// for the longest time first. Skips the references in `running`, which this proxy is delivering.
    async fn take_due(
        &self,
        limit: usize,
        running: &[Reference],
    ) -> Result<Vec<DueSubmission>, StoreError>;

    /// Ends all claims of this proxy, except those on the references in `except`.
    async fn release(&self, except: &[Reference]) -> Result<(), StoreError>;

    /// Returns a page of at most `limit` rows that match the filter, oldest first, with their answers.
    async fn list(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<(Row, Option<Answers>)>, StoreError>;

    /// Makes all selected submissions except delivered ones due, as if they had just arrived. Returns their references.
    async fn retry(&self, filter: &Filter) -> Result<Vec<Reference>, StoreError>;

    /// Removes rows. Waiting submissions are removed only if the filter names references.
    async fn purge(&self, filter: &Filter) -> Result<Vec<Purged>, StoreError>;

    /// Removes rows that were settled longer than `keep` ago, except those that the operator has to handle. Returns
    /// their files.
    async fn prune(&self, keep: Duration) -> Result<Vec<FileSetId>, StoreError>;

    /// Removes refused and failed submissions, or only their files, until the rest takes at most `bytes`.
    async fn enforce_quota(&self, bytes: u64) -> Result<QuotaRemoval, StoreError>;

    /// Returns the given files that no row refers to.
    async fn unknown_files(&self, files: Vec<FileSetId>) -> Result<Vec<FileSetId>, StoreError>;

    /// Returns the number of submissions in each state.
    async fn counts(&self) -> Result<Counts, StoreError>;

    /// Returns the time since the oldest queued submission arrived, or `None` if no submission is queued.
    async fn oldest_queued(&self) -> Result<Option<Duration>, StoreError>;

    /// Checks that rows can be read.
    async fn check(&self) -> Result<(), StoreError>;
}

/// A removed row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Purged {
    pub(crate) reference: Reference,
    pub(crate) files: Option<FileSetId>,
}

/// The files of all submissions.
#[async_trait]
pub(crate) trait FileStore: Debug + Send + Sync {
    /// Reserves disk space for an upload. `announced` is its size in bytes, if the client has announced the size.
    /// Returns `None` if the disk has too little space.
    fn reserve(&self, announced: Option<u64>) -> io::Result<Option<Box<dyn Reservation>>>;

    /// Returns the number of free bytes on the disk that contains the files.
    fn free_bytes(&self) -> io::Result<u64>;

    /// Creates an empty set for the files of one submission.
    async fn begin(&self) -> io::Result<FileSetId>;

    /// Creates a file. Fails if the file exists.
    async fn create(&self, set: &FileSetId, file: &str) -> io::Result<Box<dyn FileWriter>>;

    /// Makes the finished files durable.
    async fn seal(&self, set: &FileSetId) -> io::Result<()>;

    /// Opens a finished file of an upload to inspect its content.
    async fn inspect(&self, set: &FileSetId, file: &str) -> io::Result<Box<dyn ReadSeek>>;

    /// Opens a file to send it. Fails with [`NotFound`](io::ErrorKind::NotFound) if it does not exist.
    async fn open(&self, set: &FileSetId, file: &str) -> io::Result<FileStream>;

    /// Removes the files of a submission. Also succeeds if they do not exist.
    async fn remove(&self, set: &FileSetId) -> io::Result<()>;

    /// Returns the sets of files that are older than `age`.
    async fn older_than(&self, age: Duration) -> io::Result<Vec<FileSetId>>;

    /// Checks that files can be stored.
    async fn check(&self) -> io::Result<()>;

    /// Adds the measurements of this engine to a registry.
    fn register_metrics(&self, registry: &mut Registry);

    /// Returns the location of a file, for the operator.
    fn location(&self, set: &FileSetId, file: &str) -> String;
}

/// Room that is reserved for one upload, until this value is dropped.
pub(crate) trait Reservation: Debug + Send {
    /// Reserves room for the next bytes. `received` is the number of bytes that have arrived.
    ///
    /// # Errors
    /// [`StorageFull`](io::ErrorKind::StorageFull) if there is not enough room.
    fn extend(&mut self, received: u64) -> io::Result<()>;
}

/// A file that is being written.
#[async_trait]
pub(crate) trait FileWriter: Debug + Send {
    /// Appends bytes. If they cannot be written, a later call may report the error.
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes the file durable, and returns the BLAKE3 digest of its bytes. After an error the file is lost.
    async fn finish(self: Box<Self>) -> io::Result<[u8; 32]>;
}

/// A file to inspect.
pub(crate) trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// The bytes of a file, in chunks.
pub(crate) type FileStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;
