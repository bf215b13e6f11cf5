//! The rows in memory.

use std::collections::HashSet;
use std::time::Duration;

use async_trait::async_trait;
use deal_contract::reference::Reference;

use super::MemoryStore;
use crate::store::admission::{Admission, AdmissionKind, Decision, NewSubmission};
use crate::store::engine::{Purged, SubmissionStore};
use crate::store::error::StoreError;
use crate::store::list::{Cursor, Filter, Page};
use crate::store::quota::{self, Kept, OVERHEAD, QuotaRemoval, Removal};
use crate::store::row::{ClaimDecision, Row, SettleDecision};
use crate::store::submission::{
    Answers, Claim, ClaimResult, Counts, DueSubmission, FileSetId, Mark, Outcome, State,
    StatusReport, SubmissionStatus, Ticket,
};

#[async_trait]
impl SubmissionStore for MemoryStore {
    async fn newest_ticket(&self) -> Result<Ticket, StoreError> {
        Ok(Ticket(self.lock().newest))
    }

    async fn admit(&self, new: NewSubmission) -> Result<Admission, StoreError> {
        let now = self.now();
        self.run(|data| {
            let mut admission = None;
            for draft in new.drafts() {
                let known = data.by_reference(draft.reference.as_str()).map(|(row, _)| row.clone());
                let kind = match new.decide(draft, known, &self.owner, now)? {
                    Decision::Keep { kind, changed } => {
                        if let Some(row) = changed {
                            data.update(row);
                        }
                        kind
                    }
                    Decision::Insert { mut row, due_in, replaced } => {
                        if let Some(replaced) = &replaced {
                            data.rows.remove(&replaced.ticket);
                        }
                        data.newest += 1;
                        let ticket = Ticket(data.newest);
                        row.ticket = ticket;
                        data.rows.insert(ticket, (row, Some(new.answers.clone())));
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
        .await
    }

    async fn claim(&self, ticket: Ticket) -> Result<ClaimResult, StoreError> {
        let now = self.now();
        self.run(|data| {
            let Some((mut row, answers)) = data.rows.get(&ticket).cloned() else {
                return Ok(ClaimResult::Gone);
            };
            match row.claim(&self.owner, now) {
                ClaimDecision::Gone => return Ok(ClaimResult::Gone),
                ClaimDecision::Held => return Ok(ClaimResult::Held),
                ClaimDecision::StillGranted => {}
                ClaimDecision::Granted => data.update(row.clone()),
            }
            let answers = answers.ok_or(StoreError::Damaged("body"))?;
            Ok(ClaimResult::Granted(row.delivery(answers)))
        })
        .await
    }

    async fn renew(&self, claim: &Claim) -> Result<bool, StoreError> {
        let now = self.now();
        self.run(|data| {
            let Some((row, _)) = data.by_reference(claim.reference.as_str()) else {
                return Ok(false);
            };
            let mut row = row.clone();
            let is_held = row.renew(&self.owner, claim, now);
            if is_held {
                data.update(row);
            }
            Ok(is_held)
        })
        .await
    }

    async fn settle(&self, claim: &Claim, outcome: &Outcome) -> Result<bool, StoreError> {
        let now = self.now();
        self.run(|data| {
            let Some((row, _)) = data.by_reference(claim.reference.as_str()) else {
                return Ok(false);
            };
            let mut row = row.clone();
            let decision = row.settle(&self.owner, claim, outcome, now)?;
            if decision != SettleDecision::Lost {
                data.update(row);
            }
            Ok(decision == SettleDecision::Settled)
        })
        .await
    }

    async fn status(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<StatusReport>, StoreError> {
        self.run(|data| {
            let known = data.by_reference(reference.as_str()).filter(|(row, _)| row.form == form);
            known.map(|(row, _)| row.report()).transpose()
        })
        .await
    }

    async fn status_of_content(
        &self,
        ticket: Ticket,
    ) -> Result<Option<SubmissionStatus>, StoreError> {
        self.run(|data| data.rows.get(&ticket).map(|(row, _)| row.status()).transpose()).await
    }

    async fn mark(&self, form: &str, reference: &Reference, mark: Mark) -> Result<(), StoreError> {
        self.run(|data| {
            let known = data.by_reference(reference.as_str()).filter(|(row, _)| row.form == form);
            if let Some(mut row) = known.map(|(row, _)| row.clone())
                && row.mark(mark)
            {
                data.update(row);
            }
            Ok(())
        })
        .await
    }

    async fn take_due(
        &self,
        limit: usize,
        running: &[Reference],
    ) -> Result<Vec<DueSubmission>, StoreError> {
        let now = self.now();
        self.run(|data| {
            let mut taken = data.matching(|row| !running.contains(&row.reference));
            taken.retain_mut(|row| row.clone().take(&self.owner, now));
            taken.sort_by_key(|row| (row.due_at, row.ticket));
            taken.truncate(limit);
            for row in &mut taken {
                row.take(&self.owner, now);
                data.update(row.clone());
            }
            Ok(taken.iter().map(|row| row.due(now)).collect())
        })
        .await
    }

    async fn release(&self, except: &[Reference]) -> Result<(), StoreError> {
        self.run(|data| {
            for mut row in data.matching(|row| !except.contains(&row.reference)) {
                if row.release(&self.owner) {
                    data.update(row);
                }
            }
            Ok(())
        })
        .await
    }

    async fn list(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<(Row, Option<Answers>)>, StoreError> {
        let now = self.now();
        self.run(|data| {
            let after = after.map_or(Ticket(i64::MIN), |Cursor(ticket)| ticket);
            let rows = data.rows.values();
            let rows = rows.filter(|(row, _)| row.ticket > after && filter.matches(row, now));
            Ok(Page::of(rows.take(limit + 1).cloned().collect(), limit, |(row, _)| row.ticket))
        })
        .await
    }

    async fn retry(&self, filter: &Filter) -> Result<Vec<Reference>, StoreError> {
        let now = self.now();
        self.run(|data| {
            let mut references = Vec::new();
            for mut row in data.matching(|row| filter.matches(row, now)) {
                if row.retry(now) {
                    references.push(row.reference.clone());
                    data.update(row);
                }
            }
            Ok(references)
        })
        .await
    }

    async fn purge(&self, filter: &Filter) -> Result<Vec<Purged>, StoreError> {
        let now = self.now();
        self.run(|data| {
            let is_purged = |row: &Row| {
                filter.matches(row, now)
                    && (row.state != State::Queued || filter.names_references())
            };
            let purged = data.matching(is_purged);
            for row in &purged {
                data.rows.remove(&row.ticket);
            }
            let purged = purged.into_iter();
            Ok(purged.map(|row| Purged { reference: row.reference, files: row.files }).collect())
        })
        .await
    }

    async fn prune(&self, keep: Duration) -> Result<Vec<FileSetId>, StoreError> {
        let before = self.now().minus(keep);
        self.run(|data| {
            let pruned = data.matching(|row| row.is_prunable(before));
            for row in &pruned {
                data.rows.remove(&row.ticket);
            }
            Ok(pruned.into_iter().filter_map(|row| row.files).collect())
        })
        .await
    }

    async fn enforce_quota(&self, bytes: u64) -> Result<QuotaRemoval, StoreError> {
        self.run(|data| {
            let mut kept = Vec::new();
            for (row, answers) in data.rows.values() {
                kept.extend(measure(row, answers.as_ref())?);
            }
            let mut removal = QuotaRemoval::default();
            let mut unseen = HashSet::new();
            for (ticket, part) in quota::removals(&kept, bytes) {
                if part == Removal::Files {
                    if let Some((row, answers)) = data.rows.get_mut(&ticket) {
                        let mut rest = answers.take().unwrap_or_default();
                        removal.files.extend(row.remove_files(&mut rest));
                        *answers = Some(rest);
                    }
                } else if let Some((row, _)) = data.rows.remove(&ticket) {
                    removal.files.extend(row.files);
                }
                if part != Removal::Seen {
                    unseen.insert(ticket);
                }
            }
            removal.unseen = unseen.len();
            Ok(removal)
        })
        .await
    }

    async fn unknown_files(&self, mut files: Vec<FileSetId>) -> Result<Vec<FileSetId>, StoreError> {
        self.run(|data| {
            let known: HashSet<_> =
                data.rows.values().filter_map(|(row, _)| row.files.as_ref()).collect();
            files.retain(|set| !known.contains(set));
            Ok(files)
        })
        .await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.run(|data| {
            let mut counts = Counts::default();
            data.rows.values().for_each(|(row, _)| counts.add(row.state, 1));
            Ok(counts)
        })
        .await
    }

    async fn oldest_queued(&self) -> Result<Option<Duration>, StoreError> {
        let now = self.now();
        self.run(|data| {
            let queued = data.matching(|row| row.state == State::Queued);
            let oldest = queued.iter().map(|row| row.received_at).min();
            Ok(oldest.map(|oldest| now.since(oldest)))
        })
        .await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.run(|_| Ok(())).await
    }
}

impl super::Data {
    fn matching(&self, matches: impl Fn(&Row) -> bool) -> Vec<Row> {
        self.rows.values().map(|(row, _)| row).filter(|row| matches(row)).cloned().collect()
    }
}

fn measure(row: &Row, answers: Option<&Answers>) -> Result<Option<Kept>, StoreError> {
    let (Some(answers), Some(settled_at)) = (answers, row.settled_at) else { return Ok(None) };
    let stored = u64::try_from(serde_json::to_string(answers)?.len()).unwrap_or(u64::MAX);
    let files = answers.files.iter().fold(OVERHEAD, |sum, file| sum + file.bytes + OVERHEAD);
    Ok(Some(Kept {
        ticket: row.ticket,
        seen: row.state == State::Refused && row.seen,
        settled_at,
        answer_bytes: stored + OVERHEAD,
        file_bytes: row.files.is_some().then_some(files),
    }))
}
