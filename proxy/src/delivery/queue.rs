//! Submissions on their way to the CRM: entered in the journal, delivered a few at a time, tried
//! again until the CRM has spoken.

use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, error, info_span};

use super::ambient::Ambient;
use super::client::CrmClient;
use super::desk::{Desk, Job, Step, Turn};
use super::kept::KeptBytes;
use super::waiting::{Ended, Waiter, Waiters};
use crate::settings::config::Delivery;
use crate::store::journal::{
    Admission, Admitted, Answer, Arrival, Counts, Journal, JournalError, Open, Replaced, Standing,
    Status, Ticket,
};
use crate::store::spool::{FolderName, Spool, SpoolFolder};

/// How often to look whether an operator has changed the journal.
const LOOK: Duration = Duration::from_secs(2);

/// The queue. Its clones are the same.
#[derive(Debug)]
pub(crate) struct Queue<C>(Arc<Shared<C>>);

/// What attempts and visitors share.
pub(super) struct Shared<C> {
    pub(super) courier: C,
    pub(super) journal: Journal,
    pub(super) spool: Spool,
    pub(super) rules: Delivery,
    pub(super) ambient: Ambient,
    pub(super) waiters: Waiters,
    pub(super) wake: Notify,
    pub(super) kept: KeptBytes,
    /// There may be entries in the journal that the desk does not know.
    unsure: AtomicBool,
    desk: Mutex<Desk>,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

/// What came of entering a submission.
#[derive(Debug)]
pub(crate) enum Entered {
    /// The CRM has answered this very content before.
    Answered(Answer),
    /// It is safe, and on its way.
    Waiting(Waiter),
    /// A newer content of the same draft is known, with that status.
    Outdated(Status),
    /// The reference belongs to another draft of the same form.
    AnotherDraft,
    /// The reference is a draft of another form.
    Foreign,
}

impl<C: CrmClient> Queue<C> {
    /// Takes up what the journal holds, and begins to deliver.
    pub(crate) async fn start(
        courier: C,
        journal: Journal,
        spool: Spool,
        rules: Delivery,
        ambient: Ambient,
    ) -> Result<Self, JournalError> {
        let shared = Arc::new(Shared {
            desk: Mutex::new(Desk::new(rules.at_once, rules.probe.0)),
            courier,
            journal,
            spool,
            rules,
            ambient,
            waiters: Waiters::default(),
            wake: Notify::new(),
            kept: KeptBytes::default(),
            unsure: AtomicBool::new(false),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        let open = shared.journal.open_entries().await?;
        shared.take_up(open);
        shared.tasks.spawn(Arc::clone(&shared).run());
        shared.tasks.spawn(Arc::clone(&shared).clean());
        Ok(Self(shared))
    }

    /// Enters a submission whose files are on disk, and gives the reference under which it is known.
    /// The caller sees to it that this is not cut short.
    pub(crate) async fn admit(
        &self,
        arrival: Arrival,
        folder: Option<SpoolFolder>,
    ) -> Result<(Entered, Reference), JournalError> {
        let shared = &self.0;
        let form = arrival.form.clone();
        let other = arrival.otherwise.as_ref().map(|other| other.reference.clone());
        let references: Vec<_> = [arrival.reference.clone()].into_iter().chain(other).collect();
        // From here on the folder stays unless the journal says that it has none: cut short, this
        // leaves what the next start puts right.
        let folder = folder.map(SpoolFolder::keep);
        let files = folder.is_some();
        let admission = match shared.journal.admit(arrival, (shared.ambient.now)()).await {
            Ok(admission) => admission,
            Err(error) => {
                shared.doubt(&references, folder).await;
                return Err(error);
            }
        };
        let Admission { reference, admitted } = admission;
        if !matches!(admitted, Admitted::Entered { .. }) {
            shared.remove(folder);
        }
        let entered = match admitted {
            Admitted::Entered { ticket, replaced } => {
                let waiter = shared.waiters.join(ticket);
                if let Some(replaced) = replaced {
                    shared.supersede(&reference, replaced);
                }
                let job = Job { ticket, reference: reference.clone(), files };
                shared.desk().add(job, Turn::Visitor, Instant::now());
                shared.wake.notify_one();
                Entered::Waiting(waiter)
            }
            Admitted::Known(ticket) => {
                let waiter = shared.waiters.join(ticket);
                // The attempt may have ended before anybody waited for it.
                let status = shared.journal.tell(&form, &reference).await?;
                match status.map(|status| status.standing) {
                    Some(Standing::Answered(answer)) => Entered::Answered(answer),
                    _ => Entered::Waiting(waiter),
                }
            }
            Admitted::Answered(answer) => Entered::Answered(answer),
            Admitted::Outdated(status) => Entered::Outdated(status),
            Admitted::AnotherDraft => Entered::AnotherDraft,
            Admitted::Foreign => Entered::Foreign,
        };
        Ok((entered, reference))
    }

    /// Waits for what comes of the attempt that is under way or near, but not longer than that.
    pub(crate) async fn wait(&self, mut waiter: Waiter, patience: Duration) -> Ended {
        let shared = &self.0;
        let wait = shared.desk().wait_of(waiter.ticket(), Instant::now());
        if wait.is_some_and(|wait| wait > patience) {
            return Ended::NotYet;
        }
        tokio::select! {
            ended = waiter.ended() => ended,
            () = sleep(patience) => Ended::NotYet,
        }
    }

    /// What became of a submission of that form, for the visitor, who is told of it; none when it
    /// never arrived.
    pub(crate) async fn tell(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<Status>, JournalError> {
        self.0.journal.tell(form, reference).await
    }

    /// Whether a submission of that form is known under that reference.
    pub(crate) async fn has(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<bool, JournalError> {
        self.0.journal.has(form, reference).await
    }

    /// Notes that a page which does not number its requests was told that the submission arrived.
    pub(crate) async fn confirm(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<(), JournalError> {
        self.0.journal.confirm(form, reference).await
    }

    /// The highest ticket so far: what is entered from now on has a higher one.
    pub(crate) fn newest_ticket(&self) -> Ticket {
        self.0.journal.newest_ticket()
    }

    /// Whether the journal answers.
    pub(crate) async fn answers(&self) -> Result<(), JournalError> {
        self.0.journal.answers().await
    }

    /// How many submissions are in which state.
    pub(crate) async fn counts(&self) -> Result<Counts, JournalError> {
        self.0.journal.counts().await
    }

    /// Whether the CRM says that address or key are wrong, and nothing got through since.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.0.desk().is_in_doubt()
    }

    /// Begins only what a visitor waits for.
    pub(crate) fn begin_no_retries(&self) {
        self.0.desk().begin_no_retries();
    }

    /// Begins nothing more, and lets what is under way end until then. What does not is tried again
    /// at the next start. True when all of it ended.
    pub(crate) async fn stop(&self, end: Instant) -> bool {
        self.0.stopping.cancel();
        self.0.tasks.close();
        timeout_at(end, self.0.tasks.wait()).await.is_ok()
    }

    #[cfg(test)]
    pub(super) fn nobody_waits(&self) -> bool {
        self.0.waiters.is_empty()
    }
}

impl<C: CrmClient> Shared<C> {
    async fn run(self: Arc<Self>) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = self.desk().next(Instant::now());
            let until = match step {
                Step::Start(job) => {
                    // A stop does not begin what it would only have to wait for.
                    if self.stopping.is_cancelled() {
                        return;
                    }
                    let span = info_span!("delivery", reference = job.reference.hint());
                    let attempt = Arc::clone(&self).attempt(job);
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

    /// Takes up what an operator has changed, and what a failed commit may have left.
    async fn look(&self) {
        let mark = self.desk().mark();
        match self.journal.changed_entries().await {
            Ok(None) => {}
            Ok(Some(open)) => self.review(open, mark),
            Err(error) => error!(%error, "cannot read the journal"),
        }
        if self.unsure.swap(false, Ordering::SeqCst) {
            match self.journal.open_entries().await {
                Ok(mut open) => {
                    open.retain(|entry| !self.desk().knows(entry.ticket, &entry.reference));
                    self.take_up(open);
                }
                Err(_) => self.unsure.store(true, Ordering::SeqCst),
            }
        }
    }

    /// Takes up what is in the journal alone.
    fn take_up(&self, open: Vec<Open>) {
        let mut desk = self.desk();
        for entry in open {
            let due = self.due(&entry);
            if entry.asked {
                desk.hold(&entry.reference, due);
            }
            desk.add(entry.into(), Turn::Again, due);
        }
    }

    fn review(&self, open: Vec<Open>, mark: u64) {
        let mut desk = self.desk();
        for entry in open {
            let due = self.due(&entry);
            let asked = entry.asked;
            desk.review(entry.into(), due, asked, mark);
        }
    }

    /// When it is due, by a clock that does not jump: the stored time counts, but no more than the
    /// wait that was chosen, should the wall clock have been set back.
    fn due(&self, entry: &Open) -> Instant {
        Instant::now() + entry.due_at.since((self.ambient.now)()).min(entry.wait)
    }

    /// A commit failed, and may have taken all the same. Its sender is told to come back; until then
    /// the entry, if there is one, is as good as any.
    async fn doubt(&self, references: &[Reference], folder: Option<FolderName>) {
        let mut found = None;
        for reference in references {
            let Ok(open) = self.journal.open_entry(reference).await else {
                self.unsure.store(true, Ordering::SeqCst);
                return;
            };
            found = found.or(open.filter(|open| open.folder == folder));
        }
        let Some(open) = found else {
            return self.remove(folder);
        };
        let mut desk = self.desk();
        if !desk.knows(open.ticket, &open.reference) {
            desk.add(open.into(), Turn::Again, Instant::now());
            self.wake.notify_one();
        }
    }

    /// Another content has taken its place in the journal.
    fn supersede(&self, reference: &Reference, replaced: Replaced) {
        self.waiters.tell(replaced.ticket, &Ended::NotYet);
        let mut desk = self.desk();
        desk.withdraw(replaced.ticket);
        desk.forget(reference);
        let doomed = replaced.folder.and_then(|folder| desk.doom(reference, folder));
        drop(desk);
        self.remove(doomed);
    }

    pub(super) fn remove(&self, folders: impl IntoIterator<Item = FolderName>) {
        for folder in folders {
            self.spool.remove(&folder);
        }
    }

    /// The wait before something is done again that failed here, not at the CRM.
    pub(super) fn again(&self, job: &Job, wait: Duration) {
        self.desk().add(job.clone(), Turn::Again, Instant::now() + wait);
    }

    pub(super) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn stopped(&self) {
        self.stopping.cancelled().await;
    }
}

impl From<Open> for Job {
    fn from(open: Open) -> Self {
        Self { ticket: open.ticket, reference: open.reference, files: open.folder.is_some() }
    }
}

impl<C> Clone for Queue<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C: Debug> Debug for Shared<C> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("courier", &self.courier).finish_non_exhaustive()
    }
}
