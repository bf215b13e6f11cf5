//! The rows in PostgreSQL.
//!
//! A transition reads a row, applies a rule, and writes the row only if its version has not changed; otherwise it starts
//! again. So each change of one row is one statement, and no proxy keeps a row locked between two statements. A proxy
//! that is stopped or cut off at any point does not block others. Changes of many rows lock them in the order of their
//! tickets.

use std::time::Duration;

use async_trait::async_trait;
use deal_contract::reference::Reference;
use tokio_postgres::types::Type;

use super::changes;
use super::error::{DatabaseError, failed};
use super::pool::Pool;
use super::sql::{self, ContentColumns, NEXT_COLUMN, StateColumns, StoredRow, column};
use crate::settings::clock::Moment;
use crate::settings::random;
use crate::store::admission::{Admission, AdmissionKind, Decision, Draft, NewSubmission};
use crate::store::engine::{Purged, SubmissionStore};
use crate::store::error::StoreError;
use crate::store::list::{Cursor, Filter, Page};
use crate::store::quota::QuotaRemoval;
use crate::store::row::{ClaimDecision, Row, SettleDecision};
use crate::store::submission::{
    Answers, Claim, ClaimResult, Counts, DueSubmission, FileSetId, Mark, Outcome, StatusReport,
    SubmissionStatus, Ticket,
};

/// How often a transition starts again before it fails. Each time, another proxy has changed the row.
const MAX_TRIES: usize = 100;

/// The rows in PostgreSQL.
#[derive(Debug)]
pub(in crate::store) struct PostgresSubmissions {
    pub(super) pool: Pool,
    /// The name of this proxy in its claims.
    pub(super) owner: String,
}

/// A row with its answers as JSON.
struct StoredSubmission {
    stored: StoredRow,
    answers: Option<String>,
}

impl PostgresSubmissions {
    /// Creates the store. It connects to the database when a method is called.
    pub(super) fn new(pool: Pool) -> Result<Self, StoreError> {
        let owner = random::hex::<16>();
        let owner =
            owner.map_err(|_| failed(DatabaseError::new("the system has no random numbers")))?;
        Ok(Self { pool, owner })
    }

    /// Returns the time, and the row of the reference.
    async fn by_reference(
        &self,
        reference: &Reference,
    ) -> Result<(Moment, Option<StoredRow>), StoreError> {
        let rows = self.pool.query(sql::BY_REFERENCE, &[(&reference.as_str(), Type::TEXT)]).await?;
        let row = rows.first().ok_or(StoreError::Damaged("time"))?;
        let now = Moment(column(row, NEXT_COLUMN)?);
        let is_found = column::<Option<i64>>(row, 0)?.is_some();
        Ok((now, is_found.then(|| sql::read(row)).transpose()?))
    }

    /// Returns the time, and the row of the ticket with its answers.
    async fn by_ticket(
        &self,
        ticket: Ticket,
    ) -> Result<(Moment, Option<StoredSubmission>), StoreError> {
        let rows = self.pool.query(sql::BY_TICKET, &[(&ticket.0, Type::INT8)]).await?;
        let row = rows.first().ok_or(StoreError::Damaged("time"))?;
        let now = Moment(column(row, NEXT_COLUMN)?);
        if column::<Option<i64>>(row, 0)?.is_none() {
            return Ok((now, None));
        }
        let answers = column(row, NEXT_COLUMN + 1)?;
        Ok((now, Some(StoredSubmission { stored: sql::read(row)?, answers })))
    }

    /// Applies a transition to the row of the reference. Returns `None` if the reference has no row.
    async fn change<T>(
        &self,
        reference: &Reference,
        transition: impl Fn(&mut Row, Moment) -> Result<T, StoreError> + Send + Sync,
    ) -> Result<Option<T>, StoreError>
    where
        T: Send,
    {
        for _ in 0..MAX_TRIES {
            let (now, stored) = self.by_reference(reference).await?;
            let Some(StoredRow { mut row, version }) = stored else { return Ok(None) };
            let before = row.clone();
            let result = transition(&mut row, now)?;
            if row == before || self.update(&row, version).await? {
                return Ok(Some(result));
            }
        }
        Err(contended())
    }

    /// Writes a row if it still has this version. Returns false if another change was faster.
    async fn update(&self, row: &Row, version: i64) -> Result<bool, StoreError> {
        let columns = StateColumns::of(row, version);
        Ok(!self.pool.change(sql::UPDATE, &columns.parameters()).await?.is_empty())
    }

    /// Inserts or replaces a row. `known` is the version of the row that is replaced. Returns the ticket, or `None` if
    /// another change was faster.
    async fn store(
        &self,
        row: &Row,
        answers: &Answers,
        known: Option<i64>,
    ) -> Result<Option<Ticket>, StoreError> {
        let columns = StateColumns::of(row, known.unwrap_or(1));
        let content = ContentColumns::of(row, answers)?;
        let mut parameters = columns.parameters();
        parameters.extend(content.parameters());
        let statement = if known.is_some() { sql::REPLACE } else { sql::INSERT };
        let stored = self.pool.change(statement, &parameters).await?;
        stored.first().map(|row| column(row, 0).map(Ticket)).transpose()
    }

    /// Admits a submission under the reference of one draft.
    async fn admit_draft(
        &self,
        new: &NewSubmission,
        draft: &Draft,
    ) -> Result<AdmissionKind, StoreError> {
        for _ in 0..MAX_TRIES {
            let (now, known) = self.by_reference(&draft.reference).await?;
            let version = known.as_ref().map(|known| known.version);
            let row = known.map(|known| known.row);
            match new.decide(draft, row, &self.owner, now)? {
                Decision::Keep { kind, changed: None } => return Ok(kind),
                Decision::Keep { kind, changed: Some(row) } => {
                    if self.update(&row, version.unwrap_or_default()).await? {
                        return Ok(kind);
                    }
                }
                Decision::Insert { row, due_in, replaced } => {
                    if let Some(ticket) = self.store(&row, &new.answers, version).await? {
                        return Ok(AdmissionKind::Stored { ticket, replaced, due_in });
                    }
                }
            }
        }
        Err(contended())
    }
}

#[async_trait]
impl SubmissionStore for PostgresSubmissions {
    async fn newest_ticket(&self) -> Result<Ticket, StoreError> {
        let newest = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM tickets";
        let rows = self.pool.query(newest, &[]).await?;
        rows.first().map_or(Err(StoreError::Damaged("ticket")), |row| column(row, 0).map(Ticket))
    }

    async fn admit(&self, new: NewSubmission) -> Result<Admission, StoreError> {
        let mut admission = None;
        for draft in new.drafts() {
            let kind = self.admit_draft(&new, draft).await?;
            let is_another = kind == AdmissionKind::AnotherDraft;
            admission = Some(Admission { reference: draft.reference.clone(), kind });
            if !is_another {
                break;
            }
        }
        admission.ok_or(StoreError::Damaged("reference"))
    }

    async fn claim(&self, ticket: Ticket) -> Result<ClaimResult, StoreError> {
        for _ in 0..MAX_TRIES {
            let (now, found) = self.by_ticket(ticket).await?;
            let Some(StoredSubmission { stored, answers }) = found else {
                return Ok(ClaimResult::Gone);
            };
            let StoredRow { mut row, version } = stored;
            match row.claim(&self.owner, now) {
                ClaimDecision::Gone => return Ok(ClaimResult::Gone),
                ClaimDecision::Held => return Ok(ClaimResult::Held),
                ClaimDecision::Granted if !self.update(&row, version).await? => continue,
                ClaimDecision::Granted | ClaimDecision::StillGranted => {}
            }
            let answers =
                sql::answers(answers.as_deref())?.ok_or(StoreError::Damaged("answers"))?;
            return Ok(ClaimResult::Granted(row.delivery(answers)));
        }
        Err(contended())
    }

    async fn renew(&self, claim: &Claim) -> Result<bool, StoreError> {
        let renew = |row: &mut Row, now| Ok(row.renew(&self.owner, claim, now));
        Ok(self.change(&claim.reference, renew).await?.unwrap_or(false))
    }

    async fn settle(&self, claim: &Claim, outcome: &Outcome) -> Result<bool, StoreError> {
        let settle = |row: &mut Row, now| row.settle(&self.owner, claim, outcome, now);
        Ok(self.change(&claim.reference, settle).await? == Some(SettleDecision::Settled))
    }

    async fn status(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<StatusReport>, StoreError> {
        let (_, stored) = self.by_reference(reference).await?;
        let row = stored.map(|stored| stored.row).filter(|row| row.form == form);
        row.map(|row| row.report()).transpose()
    }

    async fn status_of_content(
        &self,
        ticket: Ticket,
    ) -> Result<Option<SubmissionStatus>, StoreError> {
        let (_, found) = self.by_ticket(ticket).await?;
        found.map(|found| found.stored.row.status()).transpose()
    }

    async fn mark(&self, form: &str, reference: &Reference, mark: Mark) -> Result<(), StoreError> {
        let mark = |row: &mut Row, _| Ok(row.form == form && row.mark(mark));
        self.change(reference, mark).await.map(drop)
    }

    async fn take_due(
        &self,
        limit: usize,
        running: &[Reference],
    ) -> Result<Vec<DueSubmission>, StoreError> {
        changes::take_due(&self.pool, &self.owner, limit, running).await
    }

    async fn release(&self, except: &[Reference]) -> Result<(), StoreError> {
        changes::release(&self.pool, &self.owner, except).await
    }

    async fn list(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<(Row, Option<Answers>)>, StoreError> {
        changes::list(&self.pool, filter, after, limit).await
    }

    async fn retry(&self, filter: &Filter) -> Result<Vec<Reference>, StoreError> {
        changes::retry(&self.pool, filter).await
    }

    async fn purge(&self, filter: &Filter) -> Result<Vec<Purged>, StoreError> {
        changes::purge(&self.pool, filter).await
    }

    async fn prune(&self, keep: Duration) -> Result<Vec<FileSetId>, StoreError> {
        changes::prune(&self.pool, keep).await
    }

    async fn enforce_quota(&self, bytes: u64) -> Result<QuotaRemoval, StoreError> {
        super::quota::enforce(&self.pool, bytes).await
    }

    async fn unknown_files(&self, mut files: Vec<FileSetId>) -> Result<Vec<FileSetId>, StoreError> {
        let ids: Vec<&str> = files.iter().map(|set| &*set.0).collect();
        let known = "SELECT files FROM submissions WHERE files = ANY($1)";
        let rows = self.pool.query(known, &[(&ids, Type::TEXT_ARRAY)]).await?;
        let known: Result<Vec<String>, _> = rows.iter().map(|row| column(row, 0)).collect();
        let known = known?;
        files.retain(|set| !known.contains(&set.0));
        Ok(files)
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        let select = "SELECT state, count(*) FROM submissions GROUP BY state";
        for row in self.pool.query(select, &[]).await? {
            let state = column::<&str>(&row, 0)?.parse();
            let count = u64::try_from(column::<i64>(&row, 1)?).unwrap_or(0);
            counts.add(state.map_err(|_| StoreError::Damaged("state"))?, count);
        }
        Ok(counts)
    }

    async fn oldest_queued(&self) -> Result<Option<Duration>, StoreError> {
        let select = "SELECT min(received_at), deal_proxy_now() FROM submissions \
                      WHERE state = 'queued'";
        let rows = self.pool.query(select, &[]).await?;
        let row = rows.first().ok_or(StoreError::Damaged("time"))?;
        let now = Moment(column(row, 1)?);
        Ok(column::<Option<i64>>(row, 0)?.map(|oldest| now.since(Moment(oldest))))
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.pool.query("SELECT FROM submissions LIMIT 1", &[]).await.map(drop)
    }
}

/// The error after [`MAX_TRIES`].
fn contended() -> StoreError {
    failed(DatabaseError::new("other proxies changed the same submission again and again"))
}
