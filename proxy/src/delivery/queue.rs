//! The queue of submissions: it admits them to the store, delivers a few at a time, and retries until the CRM replies.

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
use super::scheduler::{Priority, ScheduledDelivery, Scheduler, Step};
use super::waiters::{AttemptEnd, Waiter, Waiters};
use crate::settings::config::DeliveryRules;
use crate::settings::random::Rng;
use crate::store::{
    Admission, AdmissionKind, Counts, CrmReply, NewSubmission, PendingFiles, StatusReport, Store,
    StoreError, SubmissionStatus, Ticket, WaitingSubmission,
};

/// How often to look whether an operator has changed submissions.
const LOOK_INTERVAL: Duration = Duration::from_secs(2);

/// The queue. Its clones are the same queue.
#[derive(Debug)]
pub(crate) struct Queue<C>(Arc<Shared<C>>);

/// What attempts and visitors share.
pub(super) struct Shared<C> {
    pub(super) crm: C,
    pub(super) store: Store,
    pub(super) rules: DeliveryRules,
    pub(super) rng: Rng,
    pub(super) waiters: Waiters,
    pub(super) wake: Notify,
    pub(super) kept: KeptBytes,
    /// Whether the store may have submissions that the scheduler does not know, because an admission failed.
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
    /// It is stored, and will be delivered.
    Waiting(Waiter),
    /// A newer content of the same draft is known, with this status.
    Outdated(StatusReport),
    /// The reference belongs to another draft of the same form.
    AnotherDraft,
    /// The reference belongs to another form.
    AnotherForm,
}

impl<C: CrmClient> Queue<C> {
    /// Takes up the submissions in the store, and begins to deliver.
    pub(crate) async fn start(
        crm: C,
        store: Store,
        rules: DeliveryRules,
        rng: Rng,
    ) -> Result<Self, StoreError> {
        store.sweep().await?;
        let waiting = store.waiting().await?;
        if !waiting.is_empty() {
            info!(submissions = waiting.len(), "an earlier run's submissions are taken up");
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
            has_uncertain_commit: AtomicBool::new(false),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        shared.take_up(&waiting);
        shared.tasks.spawn(Arc::clone(&shared).run());
        shared.tasks.spawn(Arc::clone(&shared).clean());
        shared.tasks.spawn(Arc::clone(&shared).remove_abandoned());
        Ok(Self(shared))
    }

    /// Admits a submission, and returns the reference under which it is known. The caller has to make sure that this is
    /// not cancelled.
    pub(crate) async fn submit(
        &self,
        new: NewSubmission,
        files: Option<PendingFiles>,
    ) -> Result<(Submitted, Reference), StoreError> {
        let shared = &self.0;
        let (form, has_files) = (new.form.clone(), files.is_some());
        let admission = shared.store.admit(new, files).await.inspect_err(|_| {
            // The sender gets an error and sends again. If the submission is stored all the same, it is delivered.
            shared.has_uncertain_commit.store(true, Ordering::SeqCst);
        });
        let Admission { reference, kind } = admission?;
        let submitted = match kind {
            AdmissionKind::Stored { ticket, replaced } => {
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

    /// Waits for the current attempt to finish, up to `timeout`. Does not wait at all if the next attempt is later.
    pub(crate) async fn wait(&self, mut waiter: Waiter, timeout: Duration) -> AttemptEnd {
        let shared = &self.0;
        let wait = shared.scheduler().wait_of(waiter.ticket(), Instant::now());
        if wait.is_some_and(|wait| wait > timeout) {
            return AttemptEnd::NotYet;
        }
        tokio::select! {
            end = waiter.end() => end,
            () = sleep(timeout) => AttemptEnd::NotYet,
        }
    }

    /// What a visitor may know about a submission of a form; none if it never arrived.
    pub(crate) async fn status(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<StatusReport>, StoreError> {
        self.0.store.status(form, reference).await
    }

    /// Notes that the visitor sees this reply. A refusal that its visitor has seen is pruned like a delivered submission.
    /// If the note cannot be stored, the refusal is kept longer.
    pub(crate) async fn mark_seen(&self, form: &str, reference: &Reference, reply: &CrmReply) {
        if matches!(reply, CrmReply::Refused(_))
            && let Err(error) = self.0.store.mark_seen(form, reference).await
        {
            warn!(%error, "cannot note in the journal that a visitor has seen the refusal");
        }
    }

    /// Notes that a page which does not number its requests told its visitor that the submission arrived.
    pub(crate) async fn confirm(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<(), StoreError> {
        self.0.store.confirm(form, reference).await
    }

    /// The highest ticket so far. A submission that is admitted from now on has a higher one.
    pub(crate) async fn newest_ticket(&self) -> Result<Ticket, StoreError> {
        self.0.store.newest_ticket().await
    }

    /// The number of submissions in each state.
    pub(crate) async fn counts(&self) -> Result<Counts, StoreError> {
        self.0.store.counts().await
    }

    /// Whether address or key seem wrong, and no deal got through since.
    pub(crate) fn has_suspects(&self) -> bool {
        self.0.scheduler().has_suspects()
    }

    /// From now on, only first attempts begin.
    pub(crate) fn begin_no_retries(&self) {
        self.0.scheduler().begin_no_retries();
    }

    /// Begins no more attempts, and waits until then for those that are running. The others are tried again at the next
    /// start. Returns whether all of them ended.
    pub(crate) async fn stop(&self, end: Instant) -> bool {
        self.0.stopping.cancel();
        self.0.tasks.close();
        timeout_at(end, self.0.tasks.wait()).await.is_ok()
    }

    /// Whether a visitor waits for an attempt.
    #[cfg(test)]
    pub(crate) fn has_waiters(&self) -> bool {
        !self.0.waiters.is_empty()
    }
}

impl<C: CrmClient> Shared<C> {
    async fn run(self: Arc<Self>) {
        let mut look = interval(LOOK_INTERVAL);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
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
                _ = look.tick() => self.look().await,
            }
        }
    }

    /// Takes up what an operator has changed, and what a failed commit may have stored.
    async fn look(&self) {
        let mark = self.scheduler().mark();
        match self.store.waiting_if_changed().await {
            Ok(None) => {}
            Ok(Some(waiting)) => self.review(&waiting, mark),
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
                    self.take_up(&waiting);
                }
                Err(_) => self.has_uncertain_commit.store(true, Ordering::SeqCst),
            }
        }
    }

    /// Takes up submissions that the scheduler does not know.
    fn take_up(&self, waiting: &[WaitingSubmission]) {
        let (mut scheduler, now) = (self.scheduler(), Instant::now());
        for submission in waiting {
            let due = now + submission.due_in;
            if submission.asked {
                scheduler.defer_until(&submission.reference, due);
            }
            scheduler.add(submission.into(), Priority::Retry, due);
        }
    }

    fn review(&self, waiting: &[WaitingSubmission], mark: u64) {
        let (mut scheduler, now) = (self.scheduler(), Instant::now());
        for submission in waiting {
            let due = now + submission.due_in;
            scheduler.review(submission.into(), due, submission.asked, mark);
        }
    }

    /// Another content has replaced this one.
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
