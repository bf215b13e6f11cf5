//! The queue of submissions: it admits them to the store, delivers a few at a time, and retries until the CRM replies
//! or the proxy gives up.

use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use super::client::CrmClient;
use super::kept::KeptBytes;
use super::metrics::{DeliveryMetrics, Event};
use super::scheduler::{Priority, ScheduledDelivery, Scheduler};
use super::waiters::{AttemptEnd, Waiter, Waiters};
use crate::settings::config::DeliveryRules;
use crate::settings::random::Rng;
use crate::store::{
    Admission, AdmissionKind, Counts, CrmReply, Mark, NewSubmission, PendingFiles, StatusReport,
    Store, StoreError, SubmissionStatus, Ticket,
};

/// How often a visitor's request reads the status of a submission that another proxy delivers.
const STATUS_INTERVAL: Duration = Duration::from_millis(500);

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
    /// Whether the store may have a due submission that the scheduler does not know.
    pub(super) has_unknown_due: AtomicBool,
    pub(super) kept: KeptBytes,
    pub(super) metrics: DeliveryMetrics,
    /// Whether this proxy may have claims on submissions that the scheduler does not know, because a commit failed.
    pub(super) has_uncertain_commit: AtomicBool,
    scheduler: Mutex<Scheduler>,
    stopping: CancellationToken,
    pub(super) tasks: TaskTracker,
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
    /// Starts to deliver the stored submissions and new ones.
    pub(crate) async fn start(
        crm: C,
        store: Store,
        rules: DeliveryRules,
        rng: Rng,
    ) -> Result<Self, StoreError> {
        store.sweep().await?;
        let queued = store.counts().await?.queued;
        if queued > 0 {
            info!(submissions = queued, "the store has submissions that wait for delivery");
        }
        let shared = Arc::new(Shared {
            scheduler: Mutex::new(Scheduler::new(rules.at_once, rules.probe.0)),
            crm,
            store,
            rules,
            rng,
            waiters: Waiters::default(),
            wake: Notify::new(),
            has_unknown_due: AtomicBool::new(false),
            kept: KeptBytes::default(),
            metrics: DeliveryMetrics::default(),
            has_uncertain_commit: AtomicBool::new(false),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
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
            AdmissionKind::Stored { ticket, due_in, replaced } => {
                shared.metrics.count(&form, Event::Received);
                let waiter = shared.waiters.join(ticket);
                if let Some(replaced) = replaced {
                    shared.withdraw(&reference, replaced.ticket);
                }
                if let Some(due_in) = due_in {
                    let delivery =
                        ScheduledDelivery { ticket, reference: reference.clone(), has_files };
                    let due = Instant::now() + due_in;
                    shared.scheduler().add(delivery, Priority::FirstAttempt, due);
                    shared.wake.notify_one();
                }
                Submitted::Waiting(waiter)
            }
            AdmissionKind::Known(ticket) => {
                let mut waiter = shared.waiters.join(ticket);
                if !shared.scheduler().contains(ticket, &reference) {
                    waiter.set_delivered_elsewhere();
                }
                // The attempt may have ended before the waiter joined.
                match shared.store.status_of_content(ticket).await? {
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
        let (ticket, is_elsewhere) = (waiter.ticket(), waiter.is_delivered_elsewhere());
        tokio::select! {
            end = waiter.wait() => end,
            end = shared.end_elsewhere(ticket), if is_elsewhere => end,
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

    /// Begins no more attempts, and waits until `end` for the running ones. Returns whether all of them ended. Another
    /// proxy or the next start delivers the other submissions.
    pub(crate) async fn stop(&self, end: Instant) -> bool {
        let shared = &self.0;
        shared.stopping.cancel();
        shared.tasks.close();
        let have_ended = timeout_at(end, shared.tasks.wait()).await.is_ok();
        let running = shared.scheduler().running();
        if let Err(error) = shared.store.release(&running).await {
            warn!(%error, "cannot release the submissions that wait for delivery; other proxies deliver them later");
        }
        have_ended
    }

    /// Returns whether a visitor is waiting for an attempt.
    #[cfg(test)]
    pub(crate) fn has_waiters(&self) -> bool {
        !self.0.waiters.is_empty()
    }
}

impl<C: CrmClient> Shared<C> {
    /// Removes replaced content from the scheduler, and ends the wait of its visitors.
    fn withdraw(&self, reference: &Reference, replaced: Ticket) {
        self.waiters.notify(replaced, &AttemptEnd::NotYet);
        let mut scheduler = self.scheduler();
        scheduler.withdraw(replaced);
        scheduler.forget(reference);
    }

    /// Waits until another proxy has stored the CRM's reply to this content, or until the content is replaced.
    async fn end_elsewhere(&self, ticket: Ticket) -> AttemptEnd {
        loop {
            sleep(STATUS_INTERVAL).await;
            match self.store.status_of_content(ticket).await {
                Ok(Some(SubmissionStatus::Received)) => {}
                Ok(Some(SubmissionStatus::Replied(reply))) => return AttemptEnd::Replied(reply),
                Ok(Some(SubmissionStatus::Failed) | None) => return AttemptEnd::NotYet,
                Err(error) => warn!(%error, "cannot read the status of a submission"),
            }
        }
    }

    pub(super) fn scheduler(&self) -> MutexGuard<'_, Scheduler> {
        self.scheduler.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
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
