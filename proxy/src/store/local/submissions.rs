//! The rows in `SQLite`, accessed through the writer's thread.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use deal_contract::reference::Reference;

use super::database::Database;
use super::error::OpenError;
use super::files::make_private;
use super::writer::Writer;
use crate::settings::clock::Clock;
use crate::store::admission::{Admission, AdmissionKind, NewSubmission};
use crate::store::engine::{Purged, SubmissionStore};
use crate::store::error::StoreError;
use crate::store::list::{Cursor, Filter, Page};
use crate::store::quota::QuotaRemoval;
use crate::store::row::Row;
use crate::store::submission::{
    Answers, Claim, ClaimResult, Counts, DueSubmission, FileSetId, Mark, Outcome, StatusReport,
    SubmissionStatus, Ticket,
};

/// The rows in `SQLite`.
#[derive(Debug)]
pub(in crate::store) struct LocalSubmissions {
    pub(super) writer: Writer,
    /// The highest ticket so far. It is kept in memory because each request needs it.
    newest: AtomicI64,
}

impl LocalSubmissions {
    /// Opens or creates the file.
    pub(in crate::store) fn open(path: &Path, clock: Clock) -> Result<Self, OpenError> {
        make_private(path).map_err(StoreError::journal)?;
        let database = Database::open(path, clock)?;
        // SQLite syncs the content of its files. The name of a new file needs a sync of the folder.
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
            synced.map_err(StoreError::journal)?;
        }
        Self::start(database)
    }

    /// Opens an existing file that a running proxy may be using. Does not migrate the file.
    pub(super) fn open_existing(path: &Path, clock: Clock) -> Result<Self, OpenError> {
        Self::start(Database::open_existing(path, clock)?)
    }

    fn start(database: Database) -> Result<Self, OpenError> {
        let newest = AtomicI64::new(database.newest_ticket()?.0);
        Ok(Self { writer: Writer::start(database)?, newest })
    }

    /// Ends the claims of proxies that used the folder earlier.
    pub(super) async fn release_others(&self) -> Result<(), StoreError> {
        self.writer.run(Database::release_others).await
    }

    /// Returns whether the rows have been reconciled with the files. Until then, unknown files may belong to another
    /// journal.
    pub(super) async fn is_reconciled(&self) -> Result<bool, StoreError> {
        self.writer.run(|database| database.is_reconciled()).await
    }

    pub(super) async fn mark_reconciled(&self) -> Result<(), StoreError> {
        self.writer.run_alone(Database::mark_reconciled).await
    }
}

#[async_trait]
impl SubmissionStore for LocalSubmissions {
    async fn newest_ticket(&self) -> Result<Ticket, StoreError> {
        Ok(Ticket(self.newest.load(Ordering::SeqCst)))
    }

    async fn admit(&self, new: NewSubmission) -> Result<Admission, StoreError> {
        let admission = self.writer.run(move |database| database.admit(&new)).await?;
        if let AdmissionKind::Stored { ticket, .. } = admission.kind {
            self.newest.fetch_max(ticket.0, Ordering::SeqCst);
        }
        Ok(admission)
    }

    async fn claim(&self, ticket: Ticket) -> Result<ClaimResult, StoreError> {
        self.writer.run(move |database| database.claim(ticket)).await
    }

    async fn renew(&self, claim: &Claim) -> Result<bool, StoreError> {
        let claim = claim.clone();
        self.writer.run(move |database| database.renew(&claim)).await
    }

    async fn settle(&self, claim: &Claim, outcome: &Outcome) -> Result<bool, StoreError> {
        let (claim, outcome) = (claim.clone(), outcome.clone());
        self.writer.run(move |database| database.settle(&claim, &outcome)).await
    }

    async fn status(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<StatusReport>, StoreError> {
        let (form, reference) = (form.to_owned(), reference.clone());
        self.writer.run(move |database| database.status(&form, &reference)).await
    }

    async fn status_of_content(
        &self,
        ticket: Ticket,
    ) -> Result<Option<SubmissionStatus>, StoreError> {
        self.writer.run(move |database| database.status_of_content(ticket)).await
    }

    async fn mark(&self, form: &str, reference: &Reference, mark: Mark) -> Result<(), StoreError> {
        let (form, reference) = (form.to_owned(), reference.clone());
        self.writer.run(move |database| database.mark(&form, &reference, mark)).await
    }

    async fn take_due(
        &self,
        limit: usize,
        running: &[Reference],
    ) -> Result<Vec<DueSubmission>, StoreError> {
        let running = running.to_vec();
        self.writer.run(move |database| database.take_due(limit, &running)).await
    }

    async fn release(&self, except: &[Reference]) -> Result<(), StoreError> {
        let except = except.to_vec();
        self.writer.run(move |database| database.release(&except)).await
    }

    async fn list(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<(Row, Option<Answers>)>, StoreError> {
        let filter = filter.clone();
        self.writer.run(move |database| database.list(&filter, after, limit)).await
    }

    async fn retry(&self, filter: &Filter) -> Result<Vec<Reference>, StoreError> {
        let filter = filter.clone();
        self.writer.run(move |database| database.retry(&filter)).await
    }

    async fn purge(&self, filter: &Filter) -> Result<Vec<Purged>, StoreError> {
        let filter = filter.clone();
        self.writer.run_alone(move |database| database.purge(&filter)).await
    }

    async fn prune(&self, keep: Duration) -> Result<Vec<FileSetId>, StoreError> {
        self.writer.run_alone(move |database| database.prune(keep)).await
    }

    async fn enforce_quota(&self, bytes: u64) -> Result<QuotaRemoval, StoreError> {
        self.writer.run_alone(move |database| database.enforce_quota(bytes)).await
    }

    async fn unknown_files(&self, files: Vec<FileSetId>) -> Result<Vec<FileSetId>, StoreError> {
        self.writer.run(move |database| database.unknown_files(files)).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.writer.run(|database| database.counts()).await
    }

    async fn oldest_queued(&self) -> Result<Option<Duration>, StoreError> {
        self.writer.run(|database| database.oldest_queued()).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.writer.run(|database| database.check()).await
    }
}
