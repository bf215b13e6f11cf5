//! The queue of submissions: it admits them to the store, delivers a few at a time, and retries until the CRM replies
//! or the proxy gives up.

use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, error, info, info_span, warn};

use super::client::CrmClient;
use super::kept::KeptBytes;
use super::metrics::{DeliveryMetrics, Event};
use super::scheduler::{Priority, ScheduledDelivery, Scheduler, Step};
use super::waiters::{AttemptEnd, Waiter, Waiters};
use crate::settings::config::DeliveryRules;
use crate::settings::random::Rng;
use crate::store::{
    Admission, AdmissionKind, Counts, CrmReply, Mark, NewSubmission, PendingFiles, StatusReport,
    Store, StoreError, SubmissionStatus, Ticket, WaitingSubmission,
};

/// How often to check whether an operator has changed submissions.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// A handle to the queue. Clones share the same queue.
#[derive(Debug)]
pub(crate) struct Queue<C>(Arc<Shared<C>>);

/// The state that attempts and waiting visitors share.
pub(super) struct Shared<C> {
    pub(super) crm: C,
    pub(super) store: Store,
    pub(super) rules: DeliveryRules,
    pub(super) rng: Rng,
    pub(super) waiters: Waiters,
    pub(super) wake: Notify,
    pub(super) kept: KeptBytes,
    pub(super) metrics: DeliveryMetrics,
    /// Whether the store may have submissions that the scheduler does not know, because an admission or a read failed.
    has_uncertain_commit: AtomicBool,
    scheduler: Mutex<Scheduler>,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

/// The result of submitting.
#[derive(Debug)]
pub(crate) enum Submitted {
    /// The CRM has replied to the same content before.
    Replied(CrmReply),
    /// The submission is stored, and will be delivered.
    Waiting(Waiter),
    /// The proxy has newer content of the same draft, with this status.
    Outdated(StatusReport),
    /// The reference belongs to another draft of the same form.
    AnotherDraft,
    /// The reference belongs to another form.
    AnotherForm,
}

impl Submitted {
    /// Returns the name of the result, for the log.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Replied(_) => "replied",
            Self::Waiting(_) => "queued",
            Self::Outdated(_) => "outdated",
            Self::AnotherDraft => "another_draft",
            Self::AnotherForm => "another_form",
        }
    }
}

impl<C: CrmClient> Queue<C> {
    /// Schedules the stored submissions, and starts to deliver.
    pub(crate) async fn start(
        crm: C,
        store: Store,
        rules: DeliveryRules,
        rng: Rng,
    ) -> Result<Self, StoreError> {
        store.sweep().await?;
        let waiting = store.waiting().await?;
        if !waiting.is_empty() {
            info!(submissions = waiting.len(), "resuming the submissions of an earlier run");
        }
        let shared = Arc::new(Shared {
            scheduler: Mutex::new(Scheduler::new(rules.at_once, rules.probe.0)),
            crm,
            store,
            rules,
            rng,
            waiters: Waiters::default(),
            wake: Notify::new(),
            kept: KeptBytes::default(),
            metrics: DeliveryMetrics::default(),
            has_uncertain_commit: AtomicBool::new(false),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        shared.schedule(&waiting);
        shared.tasks.spawn(Arc::clone(&shared).run());
        shared.tasks.spawn(Arc::clone(&shared).clean());
        shared.tasks.spawn(Arc::clone(&shared).remove_abandoned());
        Ok(Self(shared))
    }

    /// Passes a submission to the store. Returns the result and the submission's reference. The caller must not cancel
    /// this call.
    pub(crate) async fn submit(
        &self,
        new: NewSubmission,
        files: Option<PendingFiles>,
    ) -> Result<(Submitted, Reference), StoreError> {
        let shared = &self.0;
        let (form, has_files) = (new.form.clone(), files.is_some());
        let admission = shared.store.admit(new, files).await.inspect_err(|_| {
            // The sender gets an error and sends again. If the submission was stored in spite of the error, it is
            // delivered.
            shared.has_uncertain_commit.store(true, Ordering::SeqCst);
        });
        let Admission { reference, kind } = admission?;
        let submitted = match kind {
            AdmissionKind::Stored { ticket, replaced } => {
                shared.metrics.count(&form, Event::Received);
                let waiter = shared.waiters.join(ticket);
                if let Some(replaced) = replaced {
                    shared.withdraw(&reference, replaced.ticket);
                }
                let delivery =
                    ScheduledDelivery { ticket, reference: reference.clone(), has_files };
                shared.scheduler().add(delivery, Priority::FirstAttempt, Instant::now());
                shared.wake.notify_one();
                Submitted::Waiting(waiter)
            }
            AdmissionKind::Known(ticket) => {
                let waiter = shared.waiters.join(ticket);
                // The attempt may have ended before the waiter joined.
                let report = shared.store.status(&form, &reference).await?;
                match report.map(|report| report.status) {
                    Some(SubmissionStatus::Replied(reply)) => {
                        self.mark_seen(&form, &reference, &reply).await;
                        Submitted::Replied(reply)
                    }
                    _ => Submitted::Waiting(waiter),
                }
            }
            AdmissionKind::Replied(reply) => Submitted::Replied(reply),
            AdmissionKind::Outdated(report) => Submitted::Outdated(report),
            AdmissionKind::AnotherDraft => Submitted::AnotherDraft,
            AdmissionKind::AnotherForm => Submitted::AnotherForm,
        };
        Ok((submitted, reference))
    }

    /// Waits for the current attempt to finish, up to `timeout`. Returns immediately if the next attempt begins only
    /// after that.
    pub(crate) async fn wait(&self, mut waiter: Waiter, timeout: Duration) -> AttemptEnd {
        let shared = &self.0;
        let wait = shared.scheduler().wait_of(waiter.ticket(), Instant::now());
        if wait.is_some_and(|wait| wait > timeout) {
            return AttemptEnd::NotYet;
        }
        tokio::select! {
            end = waiter.wait() => end,
            () = sleep(timeout) => AttemptEnd::NotYet,
        }
    }

    /// Returns the status of a submission for its visitor, or `None` if the form has no submission with this reference.
    pub(crate) async fn status(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<StatusReport>, StoreError> {
        self.0.store.status(form, reference).await
    }

    /// Records that the visitor sees this reply, if it is a refusal. A refusal that its visitor has seen is pruned as a
    /// delivered submission is. If this cannot be recorded, the refusal is kept longer.
    pub(crate) async fn mark_seen(&self, form: &str, reference: &Reference, reply: &CrmReply) {
        if matches!(reply, CrmReply::Refused(_))
            && let Err(error) = self.0.store.mark(form, reference, Mark::RefusalSeen).await
        {
            warn!(%error, "cannot record in the journal that a visitor has seen the refusal");
        }
    }

    /// Records that a page without numbered requests has shown its visitor the confirmation.
    pub(crate) async fn confirm(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<(), StoreError> {
        self.0.store.mark(form, reference, Mark::ArrivalConfirmed).await
    }

    /// Returns the highest ticket so far. Submissions that are admitted later have higher tickets.
    pub(crate) async fn newest_ticket(&self) -> Result<Ticket, StoreError> {
        self.0.store.newest_ticket().await
    }

    /// Returns the number of submissions in each state.
    pub(crate) async fn counts(&self) -> Result<Counts, StoreError> {
        self.0.store.counts().await
    }

    /// Returns the counters of this queue.
    pub(crate) fn metrics(&self) -> &DeliveryMetrics {
        &self.0.metrics
    }

    /// Returns whether the CRM has rejected deals as if the address or the key were wrong, and no deal has been
    /// delivered since then.
    pub(crate) fn has_suspects(&self) -> bool {
        self.0.scheduler().has_suspects()
    }

    /// Stops retries. First attempts still begin.
    pub(crate) fn stop_retries(&self) {
        self.0.scheduler().stop_retries();
    }

    /// Begins no more attempts, and waits until `end` for the running ones. Returns whether all of them ended. The next
    /// start resumes the others.
    pub(crate) async fn stop(&self, end: Instant) -> bool {
        self.0.stopping.cancel();
        self.0.tasks.close();
        timeout_at(end, self.0.tasks.wait()).await.is_ok()
    }

    /// Returns whether a visitor is waiting for an attempt.
    #[cfg(test)]
    pub(crate) fn has_waiters(&self) -> bool {
        !self.0.waiters.is_empty()
    }
}

impl<C: CrmClient> Shared<C> {
    /// Starts attempts until the proxy stops.
    async fn run(self: Arc<Self>) {
        let mut poll = interval(POLL_INTERVAL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = self.scheduler().next(Instant::now());
            let until = match step {
                Step::Start(delivery) => {
                    if self.stopping.is_cancelled() {
                        return;
                    }
                    let span = info_span!("delivery", reference = delivery.reference.abbreviated());
                    let attempt = Arc::clone(&self).attempt(delivery);
                    self.tasks.spawn(attempt.instrument(span));
                    continue;
                }
                Step::Wait(until) => until,
            };
            let due = async {
                match until {
                    Some(until) => sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.stopping.cancelled() => return,
                () = self.wake.notified() => {}
                () = due => {}
                _ = poll.tick() => self.poll_store().await,
            }
        }
    }

    /// Schedules submissions that an operator has changed, and those that a failed commit may have stored.
    async fn poll_store(&self) {
        let version = self.scheduler().version();
        match self.store.waiting_if_changed().await {
            Ok(None) => {}
            Ok(Some(waiting)) => self.reschedule_changed(&waiting, version),
            Err(error) => {
                error!(%error, "cannot read the journal");
                // The store reports a change only once.
                self.has_uncertain_commit.store(true, Ordering::SeqCst);
            }
        }
        if self.has_uncertain_commit.swap(false, Ordering::SeqCst) {
            match self.store.waiting().await {
                Ok(mut waiting) => {
                    waiting
                        .retain(|known| !self.scheduler().contains(known.ticket, &known.reference));
                    self.schedule(&waiting);
                }
                Err(_) => self.has_uncertain_commit.store(true, Ordering::SeqCst),
            }
        }
    }

    /// Schedules submissions that the scheduler does not know yet.
    fn schedule(&self, waiting: &[WaitingSubmission]) {
        let (mut scheduler, now) = (self.scheduler(), Instant::now());
        for submission in waiting {
            let due = now + submission.due_in;
            if submission.deferred {
                scheduler.defer_until(&submission.reference, due);
            }
            scheduler.add(submission.into(), Priority::Retry, due);
        }
    }

    /// Schedules submissions with the due times in the store. `version` is the scheduler's version before the store was
    /// read.
    fn reschedule_changed(&self, waiting: &[WaitingSubmission], version: u64) {
        let (mut scheduler, now) = (self.scheduler(), Instant::now());
        for submission in waiting {
            let due = now + submission.due_in;
            scheduler.update(submission.into(), due, submission.deferred, version);
        }
    }

    /// Removes replaced content from the scheduler, and ends the wait of its visitors.
    fn withdraw(&self, reference: &Reference, replaced: Ticket) {
        self.waiters.notify(replaced, &AttemptEnd::NotYet);
        let mut scheduler = self.scheduler();
        scheduler.withdraw(replaced);
        scheduler.forget(reference);
    }

    pub(super) fn scheduler(&self) -> MutexGuard<'_, Scheduler> {
        self.scheduler.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn stopped(&self) {
        self.stopping.cancelled().await;
    }
}

impl<C> Clone for Queue<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C: Debug> Debug for Shared<C> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("crm", &self.crm).finish_non_exhaustive()
    }
}
