//! The store, which makes every change and keeps rows and files consistent.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use deal_contract::reference::Reference;
use prometheus_client::registry::Registry;
use tracing::{error, info};

use super::admission::{Admission, AdmissionKind, NewSubmission};
use super::engine::{FileStore, FileStream, Reservation, SubmissionStore};
use super::error::StoreError;
use super::files::{Files, PendingFiles};
use super::list::{Cursor, Entry, Filter, Page};
use super::proofs::ProofStore;
use super::submission::{
    Claim, ClaimResult, Counts, CrmReply, Delivery, DueSubmission, FileSetId, Mark, Outcome,
    StatusReport, SubmissionStatus, Ticket,
};

/// The age after which the sweep removes files that no row refers to. Until then, they may belong to another proxy's
/// upload, or to rows that an operator is about to restore.
const GRACE_TIME: Duration = Duration::from_secs(60 * 60);

/// A handle to the submissions and their files. Clones share the same store.
///
/// Files are durable before the row that names them is stored, and are removed after this row. After a crash between
/// the two, a later sweep removes the files.
#[derive(Debug, Clone)]
pub struct Store {
    rows: Arc<dyn SubmissionStore>,
    files: Files,
    /// The used proofs, if several proxies share the store.
    proofs: Option<Arc<dyn ProofStore>>,
}

impl Store {
    pub(super) fn new(rows: Arc<dyn SubmissionStore>, files: Arc<dyn FileStore>) -> Self {
        Self { rows, files: Files::new(files), proofs: None }
    }

    /// Adds the used proofs of all proxies.
    #[cfg(feature = "shared")]
    pub(super) fn with_proofs(self, proofs: Arc<dyn ProofStore>) -> Self {
        Self { proofs: Some(proofs), ..self }
    }

    /// Returns the used proofs of all proxies, or `None` if this is the store of one proxy.
    pub(crate) fn proofs(&self) -> Option<Arc<dyn ProofStore>> {
        self.proofs.clone()
    }

    /// Removes the used proofs that are too old to be used again.
    pub(crate) async fn prune_proofs(&self) -> Result<(), StoreError> {
        match &self.proofs {
            Some(proofs) => proofs.prune().await,
            None => Ok(()),
        }
    }

    /// Reserves disk space for an upload. `announced` is its size in bytes, if the client has announced the size.
    /// Returns `None` if the disk has too little space.
    pub(crate) fn reserve(
        &self,
        announced: Option<u64>,
    ) -> io::Result<Option<Box<dyn Reservation>>> {
        self.files.reserve(announced)
    }

    /// Begins an upload of files.
    pub(crate) async fn begin_files(&self) -> io::Result<PendingFiles> {
        self.files.begin().await
    }

    /// Opens a file of a claimed submission.
    pub(crate) async fn open_file(&self, set: &FileSetId, file: &str) -> io::Result<FileStream> {
        self.files.open(set, file).await
    }

    /// Returns the highest ticket so far. Submissions that are admitted later have higher tickets.
    pub(crate) async fn newest_ticket(&self) -> Result<Ticket, StoreError> {
        self.rows.newest_ticket().await
    }

    /// Stores a submission with its files, unless its content is known or outdated, or its reference belongs to another
    /// draft or form. After an error, it is uncertain whether the submission was stored.
    pub(crate) async fn admit(
        &self,
        mut new: NewSubmission,
        files: Option<PendingFiles>,
    ) -> Result<Admission, StoreError> {
        let files = match files {
            Some(files) => Some(seal(files).await?),
            None => None,
        };
        new.files = files.as_ref().map(|files| files.id().clone());
        // From this line on, dropping the future no longer removes the files. After a crash or a cancellation, the
        // sweep removes them only if no row refers to them.
        let upload = files.and_then(PendingFiles::leave_to_rows);
        let set = new.files.clone();
        let admission = self.rows.admit(new).await;
        match &admission {
            Ok(Admission { kind: AdmissionKind::Stored { replaced, .. }, .. }) => {
                drop(upload);
                if let Some(files) = replaced.as_ref().and_then(|replaced| replaced.files.as_ref())
                {
                    self.files.remove_unused(files).await;
                }
            }
            Ok(_) => self.remove_all(set).await,
            Err(_) => self.remove_unknown(set).await,
        }
        admission
    }

    /// Claims a submission for an attempt to deliver it. The caller has to call [`finish`](Self::finish) after the
    /// attempt.
    pub(crate) async fn claim(&self, ticket: Ticket) -> Result<ClaimResult, StoreError> {
        let result = self.rows.claim(ticket).await?;
        if let ClaimResult::Granted(Delivery { files: Some(files), .. }) = &result {
            self.files.begin_delivery(files);
        }
        Ok(result)
    }

    /// Renews the lease of a claim. Returns false if the claim was lost.
    pub(crate) async fn renew(&self, claim: &Claim) -> Result<bool, StoreError> {
        self.rows.renew(claim).await
    }

    /// Stores the outcome of an attempt, and ends its claim. Returns false if the outcome is ignored, because the
    /// claim was lost or the content was replaced.
    pub(crate) async fn settle(
        &self,
        delivery: &Delivery,
        outcome: &Outcome,
    ) -> Result<bool, StoreError> {
        let counts = self.rows.settle(&delivery.claim, outcome).await?;
        if let (true, Outcome::Replied(CrmReply::Delivered(_)), Some(files)) =
            (counts, outcome, &delivery.files)
        {
            self.files.remove_when_finished(files);
        }
        Ok(counts)
    }

    /// Ends an attempt. Removes the files if the submission no longer needs them.
    pub(crate) async fn finish(&self, delivery: &Delivery) {
        if let Some(files) = &delivery.files {
            self.files.finish_delivery(files).await;
        }
    }

    /// Returns the status of a submission for its visitor, or `None` if the form has no submission with this reference.
    pub(crate) async fn status(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<StatusReport>, StoreError> {
        self.rows.status(form, reference).await
    }

    /// Returns the status of this content of a submission, or `None` if it was replaced or removed.
    pub(crate) async fn status_of_content(
        &self,
        ticket: Ticket,
    ) -> Result<Option<SubmissionStatus>, StoreError> {
        self.rows.status_of_content(ticket).await
    }

    /// Records that a visitor has seen the refusal or the confirmation of a submission.
    pub(crate) async fn mark(
        &self,
        form: &str,
        reference: &Reference,
        mark: Mark,
    ) -> Result<(), StoreError> {
        self.rows.mark(form, reference, mark).await
    }

    /// Claims at most `limit` submissions that are due and on which no proxy has a valid claim, those that have been due
    /// for the longest time first. Skips the references in `running`, which this proxy is delivering.
    pub(crate) async fn take_due(
        &self,
        limit: usize,
        running: &[Reference],
    ) -> Result<Vec<DueSubmission>, StoreError> {
        self.rows.take_due(limit, running).await
    }

    /// Ends all claims of this proxy, except those on the references in `except`.
    pub(crate) async fn release(&self, except: &[Reference]) -> Result<(), StoreError> {
        self.rows.release(except).await
    }

    /// Removes submissions that were settled longer than `keep` ago, except those that the operator has to handle.
    /// Returns how many of the removed submissions had files.
    pub(crate) async fn prune(&self, keep: Duration) -> Result<usize, StoreError> {
        let files = self.rows.prune(keep).await?;
        let count = files.len();
        self.remove_all(files).await;
        Ok(count)
    }

    /// Removes refused and failed submissions, or only their files, until the rest takes at most `bytes`. Returns the
    /// number of submissions that lost files or answers and whose visitors have not seen a refusal.
    pub(crate) async fn enforce_quota(&self, bytes: u64) -> Result<usize, StoreError> {
        let removal = self.rows.enforce_quota(bytes).await?;
        self.remove_all(removal.files).await;
        Ok(removal.unseen)
    }

    /// Removes the files of aborted uploads in an endless loop.
    pub(crate) async fn remove_abandoned(&self) {
        self.files.remove_abandoned().await;
    }

    /// Removes files that no row refers to, after a grace period. A crash or an error during an upload leaves such
    /// files.
    pub(crate) async fn sweep(&self) -> Result<(), StoreError> {
        // Read the files first, so that the rows include submissions that are admitted between the two calls.
        let unused = self.files.unused(GRACE_TIME).await.map_err(StoreError::Files)?;
        let unknown =
            if unused.is_empty() { unused } else { self.rows.unknown_files(unused).await? };
        if !unknown.is_empty() {
            let submissions = unknown.len();
            self.remove_all(unknown).await;
            info!(submissions, "removed the files of incomplete submissions");
        }
        Ok(())
    }

    /// Checks that rows can be read.
    pub(crate) async fn check_rows(&self) -> Result<(), StoreError> {
        self.rows.check().await
    }

    /// Checks that files can be stored. Returns whether there is room for an upload.
    pub(crate) async fn check_files(&self) -> io::Result<bool> {
        self.files.check().await?;
        Ok(self.files.reserve(None)?.is_some())
    }

    /// Adds the measurements of the engine to a registry.
    pub(crate) fn register_metrics(&self, registry: &mut Registry) {
        self.files.register_metrics(registry);
    }

    /// Returns the number of submissions in each state.
    ///
    /// # Errors
    /// If rows cannot be read.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.rows.counts().await
    }

    /// Returns the time since the oldest queued submission arrived, or `None` if no submission is queued.
    pub(crate) async fn oldest_queued(&self) -> Result<Option<Duration>, StoreError> {
        self.rows.oldest_queued().await
    }

    /// Returns the number of free bytes on the disk that contains the files.
    pub(crate) fn free_bytes(&self) -> io::Result<u64> {
        self.files.free_bytes()
    }

    /// Returns a page of at most `limit` submissions, oldest first.
    ///
    /// # Errors
    /// If rows cannot be read.
    pub async fn list(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Entry>, StoreError> {
        let page = self.rows.list(filter, after, limit).await?;
        Ok(page.map(|(row, _)| Entry::of(&row)))
    }

    /// Returns a page of at most `limit` submissions with answers and replies, oldest first.
    ///
    /// # Errors
    /// If rows cannot be read.
    pub async fn export(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Entry>, StoreError> {
        let page = self.rows.list(filter, after, limit).await?;
        Ok(page.map(|(row, answers)| {
            Entry::with_content(&row, answers, |file| {
                let files = row.files.as_ref();
                files.map(|files| self.files.location(files, file)).unwrap_or_default()
            })
        }))
    }

    /// Makes all selected submissions except delivered ones due, as if they had just arrived. Returns their references.
    ///
    /// # Errors
    /// If rows cannot be written.
    pub async fn retry(&self, filter: &Filter) -> Result<Vec<Reference>, StoreError> {
        self.rows.retry(filter).await
    }

    /// Removes submissions with their files, and returns their references. Waiting submissions are removed only if the
    /// filter names references.
    ///
    /// # Errors
    /// If rows cannot be written.
    pub async fn purge(&self, filter: &Filter) -> Result<Vec<Reference>, StoreError> {
        let mut references = Vec::new();
        for purged in self.rows.purge(filter).await? {
            self.remove_all(purged.files).await;
            references.push(purged.reference);
        }
        Ok(references)
    }

    async fn remove_all(&self, files: impl IntoIterator<Item = FileSetId>) {
        for set in files {
            self.files.remove_unused(&set).await;
        }
    }

    /// Removes the files of a submission whose admission failed, unless a row refers to them. If the rows cannot be
    /// read now, the sweep removes the files later.
    async fn remove_unknown(&self, set: Option<FileSetId>) {
        let Some(set) = set else { return };
        match self.rows.unknown_files(vec![set]).await {
            Ok(unknown) => self.remove_all(unknown).await,
            Err(error) => error!(%error, "cannot look up the files of a submission"),
        }
    }
}

/// Makes the files durable. Discards them after an error.
async fn seal(files: PendingFiles) -> Result<PendingFiles, StoreError> {
    match files.seal().await {
        Ok(()) => Ok(files),
        Err(error) => {
            files.discard().await;
            Err(StoreError::Files(error))
        }
    }
}
