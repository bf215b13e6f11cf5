//! Transitions and queries of rows. Each transition loads rows, changes them, and stores them in one transaction.

use std::collections::HashSet;
use std::time::Duration;

use deal_contract::reference::Reference;
use rusqlite::Connection;
use rusqlite::types::ToSql;

use super::database::{Database, failed};
use super::sql;
use crate::settings::clock::Moment;
use crate::store::admission::{Admission, AdmissionKind, Decision, NewSubmission};
use crate::store::engine::Purged;
use crate::store::error::StoreError;
use crate::store::list::{Cursor, Filter, Page};
use crate::store::quota::{self, Kept, OVERHEAD, QuotaRemoval, Removal};
use crate::store::row::{ClaimDecision, LATEST_LEASE, Row, SettleDecision};
use crate::store::submission::{
    Answers, Claim, ClaimResult, Counts, DueSubmission, FileSetId, Mark, Outcome, State,
    StatusReport, SubmissionStatus, Ticket,
};

impl Database {
    /// Returns the highest ticket so far.
    pub(super) fn newest_ticket(&self) -> Result<Ticket, StoreError> {
        let newest = "SELECT seq FROM sqlite_sequence WHERE name = 'submissions'";
        Ok(Ticket(sql::value(&self.connection, newest, [])?.unwrap_or(0)))
    }

    pub(super) fn admit(&mut self, new: &NewSubmission) -> Result<Admission, StoreError> {
        let (owner, now) = (self.owner.clone(), self.now());
        self.change(|connection| {
            let mut admission = None;
            for draft in new.drafts() {
                let known = sql::by_reference(connection, &draft.reference)?;
                let kind = match new.decide(draft, known, &owner, now)? {
                    Decision::Keep { kind, changed } => {
                        if let Some(row) = changed {
                            sql::update(connection, &row)?;
                        }
                        kind
                    }
                    Decision::Insert { row, due_in, replaced } => {
                        if let Some(replaced) = &replaced {
                            sql::delete(connection, replaced.ticket)?;
                        }
                        let ticket = sql::insert(connection, &row, &new.answers)?;
                        AdmissionKind::Stored { ticket, due_in, replaced }
                    }
                };
                let is_another = kind == AdmissionKind::AnotherDraft;
                admission = Some(Admission { reference: draft.reference.clone(), kind });
                if !is_another {
                    break;
                }
            }
            admission.ok_or(StoreError::Damaged("reference"))
        })
    }

    pub(super) fn claim(&mut self, ticket: Ticket) -> Result<ClaimResult, StoreError> {
        let (owner, now) = (self.owner.clone(), self.now());
        if let Some((mut row, answers)) = sql::by_ticket(&self.connection, ticket)?
            && row.claim(&owner, now) == ClaimDecision::StillGranted
        {
            return granted(&row, answers);
        }
        self.change(|connection| {
            let Some((mut row, answers)) = sql::by_ticket(connection, ticket)? else {
                return Ok(ClaimResult::Gone);
            };
            match row.claim(&owner, now) {
                ClaimDecision::Gone => Ok(ClaimResult::Gone),
                ClaimDecision::Held => Ok(ClaimResult::Held),
                ClaimDecision::StillGranted => granted(&row, answers),
                ClaimDecision::Granted => {
                    sql::update(connection, &row)?;
                    granted(&row, answers)
                }
            }
        })
    }

    pub(super) fn renew(&mut self, claim: &Claim) -> Result<bool, StoreError> {
        let (owner, now) = (self.owner.clone(), self.now());
        self.change(|connection| {
            let Some(mut row) = sql::by_reference(connection, &claim.reference)? else {
                return Ok(false);
            };
            let is_held = row.renew(&owner, claim, now);
            if is_held {
                sql::update(connection, &row)?;
            }
            Ok(is_held)
        })
    }

    pub(super) fn settle(&mut self, claim: &Claim, outcome: &Outcome) -> Result<bool, StoreError> {
        let (owner, now) = (self.owner.clone(), self.now());
        self.change(|connection| {
            let Some(mut row) = sql::by_reference(connection, &claim.reference)? else {
                return Ok(false);
            };
            let decision = row.settle(&owner, claim, outcome, now)?;
            if decision != SettleDecision::Lost {
                sql::update(connection, &row)?;
            }
            Ok(decision == SettleDecision::Settled)
        })
    }

    /// Ends the claims of all other proxies. These proxies must no longer be running.
    pub(super) fn release_others(&mut self) -> Result<(), StoreError> {
        let owner = self.owner.clone();
        let others = "WHERE owner <> :owner AND lease_until IS NOT NULL";
        self.change_rows(others, &[(":owner", &owner)], |row| row.release_other(&owner)).map(drop)
    }

    pub(super) fn take_due(
        &mut self,
        limit: usize,
        running: &[Reference],
    ) -> Result<Vec<DueSubmission>, StoreError> {
        let (owner, now) = (self.owner.clone(), self.now());
        let condition = "WHERE state = 'queued' AND (due_at <= :now OR due_at - wait > :now)
                 AND (lease_until IS NULL OR lease_until NOT BETWEEN :now + 1 AND :latest)
                 AND reference NOT IN (SELECT value FROM json_each(:running))
             ORDER BY due_at, ticket LIMIT :limit";
        let (running, limit) = (json(running)?, i64::try_from(limit).unwrap_or(i64::MAX));
        let latest = now.plus(LATEST_LEASE).0;
        let parameters: &[(&str, &dyn ToSql)] =
            &[(":now", &now.0), (":latest", &latest), (":running", &running), (":limit", &limit)];
        let taken = self.change_rows(condition, parameters, |row| row.take(&owner, now))?;
        Ok(taken.iter().map(|row| row.due(now)).collect())
    }

    pub(super) fn release(&mut self, except: &[Reference]) -> Result<(), StoreError> {
        let owner = self.owner.clone();
        let condition = "WHERE owner = :owner AND lease_until IS NOT NULL
             AND reference NOT IN (SELECT value FROM json_each(:except))";
        let parameters: &[(&str, &dyn ToSql)] = &[(":owner", &owner), (":except", &json(except)?)];
        self.change_rows(condition, parameters, |row| row.release(&owner)).map(drop)
    }

    /// Applies a transition to the rows that match a condition. Returns the rows that it has changed.
    fn change_rows(
        &mut self,
        condition: &str,
        parameters: &[(&str, &dyn ToSql)],
        transition: impl Fn(&mut Row) -> bool,
    ) -> Result<Vec<Row>, StoreError> {
        // Most often, no row matches. Then no transaction is needed.
        if sql::rows(&self.connection, condition, parameters)?.is_empty() {
            return Ok(Vec::new());
        }
        self.change(|connection| {
            let mut changed = Vec::new();
            // Read the rows again, because an operator may have changed them in the meantime.
            for mut row in sql::rows(connection, condition, parameters)? {
                if transition(&mut row) {
                    sql::update(connection, &row)?;
                    changed.push(row);
                }
            }
            Ok(changed)
        })
    }

    pub(super) fn status(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<StatusReport>, StoreError> {
        let row = sql::by_reference(&self.connection, reference)?;
        row.filter(|row| row.form == form).map(|row| row.report()).transpose()
    }

    pub(super) fn status_of_content(
        &self,
        ticket: Ticket,
    ) -> Result<Option<SubmissionStatus>, StoreError> {
        let row = sql::by_ticket(&self.connection, ticket)?;
        row.map(|(row, _)| row.status()).transpose()
    }

    pub(super) fn mark(
        &mut self,
        form: &str,
        reference: &Reference,
        mark: Mark,
    ) -> Result<(), StoreError> {
        self.change(|connection| {
            let row = sql::by_reference(connection, reference)?;
            if let Some(mut row) = row.filter(|row| row.form == form)
                && row.mark(mark)
            {
                sql::update(connection, &row)?;
            }
            Ok(())
        })
    }

    pub(super) fn list(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<(Row, Option<Answers>)>, StoreError> {
        let filter = SqlFilter::of(filter, self.now())?;
        let condition = format!(
            "WHERE ticket > :after AND {} ORDER BY ticket LIMIT :limit",
            SqlFilter::CONDITION
        );
        let after = after.map_or(i64::MIN, |Cursor(ticket)| ticket.0);
        // One row more than the page has, to find out whether another page follows.
        let limit_sql = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let mut parameters = filter.parameters();
        parameters.push((":after", &after));
        parameters.push((":limit", &limit_sql));
        let rows = sql::rows_with_answers(&self.connection, &condition, &parameters)?;
        Ok(Page::of(rows, limit, |(row, _)| row.ticket))
    }

    pub(super) fn retry(&mut self, filter: &Filter) -> Result<Vec<Reference>, StoreError> {
        let now = self.now();
        let filter = SqlFilter::of(filter, now)?;
        let condition = format!("WHERE {} ORDER BY ticket", SqlFilter::CONDITION);
        let retried = self.change_rows(&condition, &filter.parameters(), |row| row.retry(now))?;
        Ok(retried.into_iter().map(|row| row.reference).collect())
    }

    pub(super) fn purge(&mut self, filter: &Filter) -> Result<Vec<Purged>, StoreError> {
        let filter = SqlFilter::of(filter, self.now())?;
        let condition = format!(
            "WHERE (state <> 'queued' OR :references IS NOT NULL) AND {} ORDER BY ticket",
            SqlFilter::CONDITION
        );
        let purged = self.change(|connection| {
            let rows = sql::rows(connection, &condition, &filter.parameters())?;
            for row in &rows {
                sql::delete(connection, row.ticket)?;
            }
            let purged = |row: Row| Purged { reference: row.reference, files: row.files };
            Ok(rows.into_iter().map(purged).collect())
        })?;
        self.overwrite_deleted();
        Ok(purged)
    }

    pub(super) fn prune(&mut self, keep: Duration) -> Result<Vec<FileSetId>, StoreError> {
        let before = self.now().minus(keep);
        let files = self.change(|connection| {
            let condition = "WHERE state IN ('delivered', 'refused') AND settled_at < :before
                 ORDER BY ticket";
            let mut rows = sql::rows(connection, condition, &[(":before", &before.0)])?;
            rows.retain(|row| row.is_prunable(before));
            for row in &rows {
                sql::delete(connection, row.ticket)?;
            }
            Ok(rows.into_iter().filter_map(|row| row.files).collect())
        })?;
        self.overwrite_deleted();
        Ok(files)
    }

    pub(super) fn enforce_quota(&mut self, bytes: u64) -> Result<QuotaRemoval, StoreError> {
        let removal = self.change(|connection| {
            let kept = kept(connection)?;
            let mut removal = QuotaRemoval::default();
            let mut unseen = HashSet::new();
            for (ticket, part) in quota::removals(&kept, bytes) {
                let Some((mut row, answers)) = sql::by_ticket(connection, ticket)? else {
                    continue;
                };
                if part == Removal::Files {
                    let mut answers = answers.unwrap_or_default();
                    removal.files.extend(row.remove_files(&mut answers));
                    sql::update(connection, &row)?;
                    sql::update_answers(connection, ticket, &answers)?;
                } else {
                    removal.files.extend(row.files);
                    sql::delete(connection, ticket)?;
                }
                if part != Removal::Seen {
                    unseen.insert(ticket);
                }
            }
            removal.unseen = unseen.len();
            Ok(removal)
        })?;
        if removal != QuotaRemoval::default() {
            self.overwrite_deleted();
        }
        Ok(removal)
    }

    pub(super) fn unknown_files(
        &self,
        mut files: Vec<FileSetId>,
    ) -> Result<Vec<FileSetId>, StoreError> {
        let select = "SELECT folder FROM submissions WHERE folder IS NOT NULL";
        let mut statement = self.connection.prepare_cached(select).map_err(failed)?;
        let known: rusqlite::Result<HashSet<String>> =
            statement.query_map([], |row| row.get(0)).and_then(Iterator::collect);
        let known = known.map_err(failed)?;
        files.retain(|set| !known.contains(&set.0));
        Ok(files)
    }

    pub(super) fn oldest_queued(&self) -> Result<Option<Duration>, StoreError> {
        let select = "SELECT min(received_at) FROM submissions WHERE state = 'queued'";
        let oldest: Option<Option<i64>> = sql::value(&self.connection, select, [])?;
        Ok(oldest.flatten().map(|oldest| self.now().since(Moment(oldest))))
    }

    pub(super) fn counts(&self) -> Result<Counts, StoreError> {
        let select = "SELECT state, count(*) FROM submissions GROUP BY 1";
        let mut statement = self.connection.prepare_cached(select).map_err(failed)?;
        let rows: rusqlite::Result<Vec<(String, i64)>> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect);
        let mut counts = Counts::default();
        for (state, count) in rows.map_err(failed)? {
            let state: State = state.parse().map_err(|_| StoreError::Damaged("state"))?;
            counts.add(state, u64::try_from(count).unwrap_or(0));
        }
        Ok(counts)
    }
}

/// Returns references as a JSON array, for `json_each`.
fn json(references: &[Reference]) -> Result<String, StoreError> {
    let texts: Vec<&str> = references.iter().map(Reference::as_str).collect();
    Ok(serde_json::to_string(&texts)?)
}

fn granted(row: &Row, answers: Option<Answers>) -> Result<ClaimResult, StoreError> {
    Ok(ClaimResult::Granted(row.delivery(answers.ok_or(StoreError::Damaged("body"))?)))
}

/// Returns the refused and failed submissions with the space that they use. `SQLite` measures the space, because the
/// answers may not fit into memory.
fn kept(connection: &Connection) -> Result<Vec<Kept>, StoreError> {
    let select = "SELECT ticket, state = 'refused' AND told, settled_at,
             length(CAST(body AS BLOB)) + :overhead,
             iif(folder IS NULL, NULL, :overhead + (
                 SELECT coalesce(sum(json_extract(value, '$.bytes') + :overhead), 0)
                 FROM json_each(body, '$.files')))
         FROM submissions WHERE state IN ('refused', 'failed')";
    let bytes = |bytes: i64| u64::try_from(bytes).unwrap_or(0);
    let mut statement = connection.prepare_cached(select).map_err(failed)?;
    let kept: rusqlite::Result<Vec<Kept>> = statement
        .query_map(&[(":overhead", &OVERHEAD.cast_signed())], |row| {
            Ok(Kept {
                ticket: Ticket(row.get(0)?),
                seen: row.get(1)?,
                settled_at: Moment(row.get(2)?),
                answer_bytes: bytes(row.get(3)?),
                file_bytes: row.get::<_, Option<i64>>(4)?.map(bytes),
            })
        })
        .and_then(Iterator::collect);
    kept.map_err(failed)
}

/// A filter as parameters for [`CONDITION`](Self::CONDITION).
struct SqlFilter<'a> {
    references: Option<String>,
    form: Option<&'a str>,
    state: Option<&'static str>,
    before: Option<i64>,
}

impl<'a> SqlFilter<'a> {
    const CONDITION: &'static str = "(:references IS NULL OR EXISTS (
             SELECT 1 FROM json_each(:references)
             WHERE substr(reference, 1, length(value)) = value))
         AND (:form IS NULL OR form = :form)
         AND (:state IS NULL OR state = :state)
         AND (:before IS NULL OR received_at < :before)";

    fn of(filter: &'a Filter, now: Moment) -> Result<Self, StoreError> {
        let references = match &filter.references[..] {
            [] => None,
            references => Some(serde_json::to_string(references)?),
        };
        Ok(Self {
            references,
            form: filter.form.as_deref(),
            state: filter.state.map(State::as_str),
            before: filter.older_than.map(|age| now.minus(age).0),
        })
    }

    fn parameters(&self) -> Vec<(&'static str, &dyn ToSql)> {
        vec![
            (":references", &self.references),
            (":form", &self.form),
            (":state", &self.state),
            (":before", &self.before),
        ]
    }
}
