//! The row of a submission and its transitions, without a clock or I/O. An engine loads the row, applies a transition,
//! and stores the row in one transaction.

use std::time::Duration;

use deal_contract::json::Value;
use deal_contract::reference::Reference;
use deal_contract::reply::Reply;
use deal_contract::revision::Revision;

use super::content::ContentDigest;
use super::error::StoreError;
use super::relation::KnownContent;
use super::submission::{
    Answers, Claim, CrmReply, Delivery, DueSubmission, FileSetId, Mark, Outcome, State,
    StatusReport, SubmissionStatus, Ticket,
};
use crate::settings::clock::Moment;

/// How long a claim is valid without a renewal. If a proxy crashes, its submissions wait for at most this time.
pub(super) const LEASE: Duration = Duration::from_secs(240);

/// A lease cannot end later than this after now, unless the clock was set back.
pub(super) const LATEST_LEASE: Duration = LEASE.saturating_mul(2);

/// The last part of a lease, in which its proxy sends nothing more to the CRM. The CRM may still be processing what it
/// has received before, so no other proxy may claim the submission yet. If several proxies share a store, they wait for
/// the CRM's response for at most this time.
pub(crate) const LAST_CALL: Duration = Duration::from_secs(120);

/// The part of a lease that is left at least when a claim is granted.
const LEAST_LEASE: Duration = Duration::from_secs(180);

/// How long a proxy may send to the CRM after a claim, at least.
pub(crate) const LEAST_SEND: Duration = LEAST_LEASE.saturating_sub(LAST_CALL);

/// How long a proxy may send to the CRM after a renewal.
pub(crate) const LONGEST_SEND: Duration = LEASE.saturating_sub(LAST_CALL);

/// How often a proxy renews its claim during a call, so that it may always send.
pub(crate) const RENEWAL_INTERVAL: Duration = Duration::from_secs(40);

/// A stored submission, except its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The ticket that the engine chooses when the row is inserted.
    pub(super) ticket: Ticket,
    pub(super) reference: Reference,
    pub(super) form: String,
    pub(super) content: ContentDigest,
    pub(super) state: State,
    /// The files, or `None` if the submission has no files, the CRM has the deal, or the files were removed.
    pub(super) files: Option<FileSetId>,
    /// The attempts since the submission arrived or was last retried by an operator, except those that do not count
    /// towards giving up.
    pub(super) attempts: u32,
    /// Why the last attempt did not deliver the submission, or why its files were removed.
    pub(super) problem: Option<String>,
    /// The CRM's reply: a deal as JSON, or the message of a refusal.
    pub(super) reply: Option<String>,
    pub(super) received_at: Moment,
    pub(super) settled_at: Option<Moment>,
    pub(super) due_at: Moment,
    /// The wait that led to `due_at`. This value limits the wait if the clock is set back.
    pub(super) wait: Duration,
    /// The time until which the CRM asked the proxy to wait. This time also applies to newer content under
    /// the same reference.
    pub(super) deferred_until: Option<Moment>,
    /// The sum of the waits that count towards giving up.
    pub(super) waited: Duration,
    /// Whether the visitor has seen the refusal. Unseen refusals are kept until the operator handles them or the quota
    /// is exceeded.
    pub(super) seen: bool,
    /// The revision of the content, if its page numbers its requests.
    pub(super) revision: Option<Revision>,
    /// Whether a page without numbered requests has shown its visitor the confirmation.
    pub(super) confirmed: bool,
    /// Whether the CRM may have earlier content with the same reference.
    pub(super) correction: bool,
    /// The proxy that has, or had, the last claim.
    pub(super) owner: Option<String>,
    /// The end of the last claim's lease. `None` if the claim has ended.
    pub(super) lease_until: Option<Moment>,
    /// Counts the claims on the reference. Only the last claim can settle the submission.
    pub(super) claims: i64,
}

/// Whether a claim is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClaimDecision {
    /// The claim is granted, and the row has changed.
    Granted,
    /// The proxy already has a claim that is valid for long enough, so the row does not change.
    StillGranted,
    /// Another proxy has a claim, or it had the last claim and the next attempt is not due yet.
    Held,
    /// The submission does not wait for delivery.
    Gone,
}

/// The effect of settling a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SettleDecision {
    /// The outcome is stored in the row.
    Settled,
    /// The content was replaced during the attempt. The claim is released, so that the new content can be delivered.
    Released,
    /// The claim was lost, so the row does not change.
    Lost,
}

impl Row {
    /// Claims a waiting submission.
    pub(super) fn claim(&mut self, owner: &str, now: Moment) -> ClaimDecision {
        if self.state != State::Queued {
            return ClaimDecision::Gone;
        }
        if self.owner.as_deref() == Some(owner) {
            let rest = self.lease_until.filter(|_| self.is_held(now)).map(|until| until.since(now));
            if rest >= Some(LEAST_LEASE) {
                return ClaimDecision::StillGranted;
            }
        } else if self.is_held(now) || !self.is_due(now) {
            return ClaimDecision::Held;
        }
        self.grant(owner, now);
        ClaimDecision::Granted
    }

    /// Claims a submission that is due and on which no proxy has a valid claim. Returns false if it is not.
    pub(super) fn take(&mut self, owner: &str, now: Moment) -> bool {
        let is_free = self.state == State::Queued && self.is_due(now) && !self.is_held(now);
        if is_free {
            self.grant(owner, now);
        }
        is_free
    }

    /// Returns whether the next attempt is due, or whether the wait began in the future, because the clock was set back.
    fn is_due(&self, now: Moment) -> bool {
        self.due_at <= now || self.due_at.minus(self.wait) > now
    }

    fn grant(&mut self, owner: &str, now: Moment) {
        self.owner = Some(owner.to_owned());
        self.lease_until = Some(now.plus(LEASE));
        self.claims = self.claims.saturating_add(1);
    }

    /// Returns whether this proxy has a claim that has not ended. Its lease may have ended.
    pub(super) fn has_claim(&self, owner: &str) -> bool {
        self.owner.as_deref() == Some(owner) && self.lease_until.is_some()
    }

    /// Returns whether a proxy has a valid claim. A lease that ends much later than a new one was granted before the
    /// clock was set back.
    pub(super) fn is_held(&self, now: Moment) -> bool {
        self.lease_until.is_some_and(|until| until > now && until <= now.plus(LATEST_LEASE))
    }

    /// Renews the lease of a claim. Returns false if the claim was lost.
    pub(super) fn renew(&mut self, owner: &str, claim: &Claim, now: Moment) -> bool {
        let is_held = self.is_held_by(owner, claim);
        if is_held {
            self.lease_until = Some(now.plus(LEASE));
        }
        is_held
    }

    /// Stores the outcome of an attempt, and ends its claim.
    pub(super) fn settle(
        &mut self,
        owner: &str,
        claim: &Claim,
        outcome: &Outcome,
        now: Moment,
    ) -> Result<SettleDecision, StoreError> {
        if !self.is_held_by(owner, claim) {
            return Ok(SettleDecision::Lost);
        }
        self.lease_until = None;
        if self.ticket != claim.ticket || self.state != State::Queued {
            if let Outcome::Retry { wait, deferred: true, .. } = outcome {
                self.defer(*wait, now);
            }
            return Ok(SettleDecision::Released);
        }
        match outcome {
            Outcome::Replied(CrmReply::Delivered(deal)) => {
                self.finish(State::Delivered, now);
                self.reply = Some(serde_json::to_string(deal)?);
                self.problem = None;
                self.files = None;
            }
            // Keeps answers and files, because an operator may correct the cause and retry.
            Outcome::Replied(CrmReply::Refused(message)) => {
                self.finish(State::Refused, now);
                self.reply = Some(message.clone());
                self.problem = None;
            }
            Outcome::Failed { problem } => {
                self.finish(State::Failed, now);
                self.problem = Some(problem.clone());
            }
            Outcome::Retry { problem, wait, deferred, counts } => {
                self.problem = Some(problem.clone());
                self.due_at = now.plus(*wait);
                self.wait = *wait;
                self.deferred_until = deferred.then_some(self.due_at);
                if *counts {
                    self.waited = self.waited.saturating_add(*wait);
                    self.attempts = self.attempts.saturating_add(1);
                }
            }
        }
        Ok(SettleDecision::Settled)
    }

    /// Delays the attempt, because the CRM asked the proxy to wait after it received the replaced content.
    fn defer(&mut self, wait: Duration, now: Moment) {
        if self.state == State::Queued {
            self.due_at = now.plus(wait);
            self.wait = wait;
            self.deferred_until = Some(self.due_at);
        }
    }

    fn finish(&mut self, state: State, now: Moment) {
        self.state = state;
        self.settled_at = Some(now);
        self.deferred_until = None;
        self.attempts = self.attempts.saturating_add(1);
    }

    /// Ends the claim of this proxy. Returns false if it has none.
    pub(super) fn release(&mut self, owner: &str) -> bool {
        let is_own = self.has_claim(owner);
        if is_own {
            self.lease_until = None;
        }
        is_own
    }

    /// Ends the claim of another proxy. Returns false if no other proxy has a claim.
    pub(super) fn release_other(&mut self, owner: &str) -> bool {
        let is_other = self.owner.as_deref() != Some(owner);
        is_other && self.lease_until.take().is_some()
    }

    /// Makes the submission due as if it had just arrived. Returns false if the CRM has the deal.
    pub(super) fn retry(&mut self, now: Moment) -> bool {
        if self.state == State::Delivered {
            return false;
        }
        self.state = State::Queued;
        self.settled_at = None;
        self.reply = None;
        self.seen = false;
        self.due_at = now;
        self.wait = Duration::ZERO;
        self.waited = Duration::ZERO;
        self.attempts = 0;
        self.deferred_until = None;
        true
    }

    /// Records that the visitor has seen the refusal or the confirmation. Returns false if the row
    /// does not change.
    pub(super) fn mark(&mut self, mark: Mark) -> bool {
        let (applies, flag) = match mark {
            Mark::RefusalSeen => (self.state == State::Refused, &mut self.seen),
            Mark::ArrivalConfirmed => (self.revision.is_none(), &mut self.confirmed),
        };
        let changes = applies && !*flag;
        *flag |= changes;
        changes
    }

    /// Returns whether the row can be pruned because it was settled before `settled_before`. Failed submissions and
    /// unseen refusals are kept for the operator.
    pub(super) fn is_prunable(&self, settled_before: Moment) -> bool {
        let is_known = self.state == State::Delivered || self.state == State::Refused && self.seen;
        is_known && self.settled_at.is_some_and(|settled| settled < settled_before)
    }

    /// Returns whether the submission was settled longer than `age` ago.
    pub(super) fn was_settled_before(&self, now: Moment, age: Duration) -> bool {
        self.settled_at.is_some_and(|settled| now.since(settled) > age)
    }

    /// Returns the data that decides how new content relates to this content.
    pub(super) fn known(&self) -> KnownContent<'_> {
        let Self { ticket, confirmed, .. } = *self;
        KnownContent { ticket, revision: self.revision.as_ref(), confirmed }
    }

    /// Returns the rest of the wait that the CRM asked for, or `None` if the proxy does not have to wait.
    pub(super) fn deferred_wait(&self, now: Moment) -> Option<Duration> {
        let wait = self.deferred_until?.since(now).min(self.wait);
        (!wait.is_zero()).then_some(wait)
    }

    /// Returns the status for the visitor.
    pub(super) fn status(&self) -> Result<SubmissionStatus, StoreError> {
        let reply = || self.reply.as_deref().ok_or(StoreError::Damaged("reply"));
        Ok(match self.state {
            State::Queued => SubmissionStatus::Received,
            State::Failed => SubmissionStatus::Failed,
            State::Refused => SubmissionStatus::Replied(CrmReply::Refused(reply()?.to_owned())),
            State::Delivered => {
                let json: Value = serde_json::from_str(reply()?)?;
                match Reply::read(&json) {
                    Some(Reply::Success(deal)) => {
                        SubmissionStatus::Replied(CrmReply::Delivered(deal))
                    }
                    _ => return Err(StoreError::Damaged("reply")),
                }
            }
        })
    }

    /// Returns the status, with the revision of the content.
    pub(super) fn report(&self) -> Result<StatusReport, StoreError> {
        Ok(StatusReport { status: self.status()?, revision: self.revision.clone() })
    }

    /// Returns the data for an attempt.
    pub(super) fn delivery(&self, answers: Answers) -> Delivery {
        let Self { ticket, claims, attempts, waited, correction, .. } = *self;
        Delivery {
            claim: Claim { ticket, reference: self.reference.clone(), number: claims },
            form: self.form.clone(),
            answers,
            files: self.files.clone(),
            attempts,
            waited,
            correction,
        }
    }

    /// Returns the data of a submission that was [taken](Self::take), for the scheduler.
    pub(super) fn due(&self, now: Moment) -> DueSubmission {
        DueSubmission {
            ticket: self.ticket,
            reference: self.reference.clone(),
            has_files: self.files.is_some(),
            is_immediate: self.wait.is_zero(),
            due_in: if self.due_at <= now { Duration::ZERO } else { self.wait },
        }
    }

    fn is_held_by(&self, owner: &str, claim: &Claim) -> bool {
        self.has_claim(owner) && self.claims == claim.number
    }
}
