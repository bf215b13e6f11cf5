//! Decides what to do with a submission that arrives: whether it is stored, is already known, is outdated, or belongs
//! to another draft or form.

use std::time::Duration;

use deal_contract::reference::Reference;
use deal_contract::revision::Revision;

use super::content::ContentDigest;
use super::error::StoreError;
use super::relation::{NewContent, Relation};
use super::row::{LEASE, Row};
use super::submission::{
    Answers, CrmReply, FileSetId, Mark, State, StatusReport, SubmissionStatus, Ticket,
};
use crate::settings::clock::Moment;

/// How long the proxy repeats a refusal if the same content arrives again. After that, it calls the CRM again, because
/// the cause may have been corrected.
const REFUSAL_REPEAT: Duration = Duration::from_secs(2 * 60);

/// A valid submission that has not been admitted yet.
#[derive(Debug, Clone)]
pub(crate) struct NewSubmission {
    pub(crate) form: String,
    pub(crate) draft: Draft,
    /// The draft to use if the reference of `draft` belongs to another draft. If this is `None`, the sender gets an
    /// error and has to choose another reference.
    pub(crate) fallback: Option<Draft>,
    pub(crate) answers: Answers,
    /// The submission's files. The store sets this field when the files are complete.
    pub(crate) files: Option<FileSetId>,
    /// The number of the request, if the page numbers its requests.
    pub(crate) revision: Option<Revision>,
    /// The newest ticket when the request began.
    pub(crate) began_after: Ticket,
}

/// A reference with the digest of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) reference: Reference,
    pub(crate) content: ContentDigest,
}

/// The result of an admission, with the reference under which the submission is known.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Admission {
    pub(crate) reference: Reference,
    pub(crate) kind: AdmissionKind,
}

/// The kind of an admission's result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AdmissionKind {
    /// Nothing was stored: the CRM has replied to the same content.
    Replied(CrmReply),
    /// Nothing was stored: the same content waits for delivery.
    Known(Ticket),
    /// The submission is stored. It may replace earlier content.
    Stored {
        ticket: Ticket,
        /// The time until its first attempt: zero, or the rest of the wait that the CRM asked for after the replaced
        /// content. `None` if another proxy is delivering the replaced content. After that, a proxy takes the submission
        /// from the store.
        due_in: Option<Duration>,
        replaced: Option<Replaced>,
    },
    /// Nothing was stored: the reference belongs to another form.
    AnotherForm,
    /// Nothing was stored: the store has newer content of the same draft, with this status.
    Outdated(StatusReport),
    /// Nothing was stored: the reference belongs to another draft of the same form.
    AnotherDraft,
}

/// Earlier content under the same reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replaced {
    pub(crate) ticket: Ticket,
    pub(crate) files: Option<FileSetId>,
}

/// The change that an engine makes for an admission.
#[derive(Debug)]
pub(super) enum Decision {
    /// Insert no row; update the known row if it has changed.
    Keep { kind: AdmissionKind, changed: Option<Row> },
    /// Insert this row with the answers, and delete the row that it replaces in the same transaction.
    Insert { row: Row, due_in: Option<Duration>, replaced: Option<Replaced> },
}

impl NewSubmission {
    /// Returns the drafts to try, in order. The second draft is tried only if the reference of the first one belongs to
    /// another draft.
    pub(super) fn drafts(&self) -> impl Iterator<Item = &Draft> {
        [&self.draft].into_iter().chain(&self.fallback)
    }

    /// Decides whether to admit the submission under one reference. `known` is the row of this reference.
    pub(super) fn decide(
        &self,
        draft: &Draft,
        known: Option<Row>,
        owner: &str,
        now: Moment,
    ) -> Result<Decision, StoreError> {
        let keep = |kind| Ok(Decision::Keep { kind, changed: None });
        let Some(known) = known else { return Ok(self.insert(draft, None, owner, now)) };
        if known.form != self.form {
            return keep(AdmissionKind::AnotherForm);
        }
        if known.content == draft.content {
            return self.repeat(draft, known, owner, now);
        }
        let new = NewContent { revision: self.revision.as_ref(), began_after: self.began_after };
        match known.known().relation(&new) {
            Relation::Correction => Ok(self.insert(draft, Some(known), owner, now)),
            Relation::Outdated => keep(AdmissionKind::Outdated(known.report()?)),
            Relation::AnotherDraft => keep(AdmissionKind::AnotherDraft),
        }
    }

    /// Decides what to do with content that was sent again.
    fn repeat(
        &self,
        draft: &Draft,
        known: Row,
        owner: &str,
        now: Moment,
    ) -> Result<Decision, StoreError> {
        let kind = match known.status()? {
            SubmissionStatus::Received => AdmissionKind::Known(known.ticket),
            SubmissionStatus::Replied(CrmReply::Refused(_))
                if known.was_settled_before(now, REFUSAL_REPEAT) =>
            {
                return Ok(self.insert(draft, Some(known), owner, now));
            }
            SubmissionStatus::Replied(reply) => AdmissionKind::Replied(reply),
            SubmissionStatus::Failed => return Ok(self.insert(draft, Some(known), owner, now)),
        };
        let mut row = known.clone();
        row.revision = known.known().revision_after(self.revision.as_ref()).cloned();
        row.mark(Mark::RefusalSeen);
        Ok(Decision::Keep { kind, changed: (row != known).then_some(row) })
    }

    /// Creates a new row. It is due immediately, unless the CRM responded to the replaced content with a request to
    /// wait.
    fn insert(&self, draft: &Draft, replaced: Option<Row>, owner: &str, now: Moment) -> Decision {
        let wait = replaced.as_ref().and_then(|row| row.deferred_wait(now));
        let due_at = now.plus(wait.unwrap_or_default());
        // Content that is sent again keeps its highest revision.
        let again = replaced.as_ref().filter(|row| row.content == draft.content);
        let new = self.revision.as_ref();
        let revision = again.map_or(new, |row| row.known().revision_after(new)).cloned();
        let correction = replaced.as_ref().is_some_and(|row| row.correction || again.is_none());
        let count = replaced.as_ref().map_or(0, |row| row.claims);
        // A delivery of the replaced content may be running. Then its claim is kept, and the new content waits until it
        // ends.
        let held = replaced.as_ref().filter(|row| row.has_claim(owner) || row.is_held(now));
        let is_held_by_other = held.is_some_and(|row| !row.has_claim(owner));
        let due_in = (!is_held_by_other).then_some(wait.unwrap_or_default());
        let owner = held.map_or(Some(owner.to_owned()), |row| row.owner.clone());
        let (lease_until, claims) = match held {
            Some(row) => (row.lease_until, count),
            // The proxy that admits the submission delivers it immediately, so the same commit stores the claim.
            None if wait.is_none() => (Some(now.plus(LEASE)), count.saturating_add(1)),
            None => (None, count),
        };
        let row = Row {
            ticket: Ticket(0),
            reference: draft.reference.clone(),
            form: self.form.clone(),
            content: draft.content,
            state: State::Queued,
            files: self.files.clone(),
            attempts: 0,
            problem: None,
            reply: None,
            received_at: now,
            settled_at: None,
            due_at,
            wait: wait.unwrap_or_default(),
            deferred_until: wait.map(|_| due_at),
            waited: Duration::ZERO,
            seen: false,
            revision,
            confirmed: false,
            correction,
            owner,
            lease_until,
            claims,
        };
        let replaced = replaced.map(|Row { ticket, files, .. }| Replaced { ticket, files });
        Decision::Insert { row, due_in, replaced }
    }
}
