//! The journal's one writer: a thread that has the file, and which everybody else asks.

use std::iter;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use deal_contract::reference::Reference;
use tokio::sync::oneshot;

use super::entry::{
    Admission, Admitted, Arrival, Claim, Claimed, Counts, Open, Settlement, Status, Ticket,
};
use super::error::JournalError;
use super::share::Evicted;
#[cfg(test)]
use super::simulated;
use super::store::Store;
use crate::settings::clock::Moment;
use crate::store::spool::{FolderName, keep_private};

/// The journal. Dropped, it finishes what it was asked for and closes its file.
#[derive(Debug)]
pub(crate) struct Journal {
    writer: Writer,
    /// Whether no start has yet compared it with the spool.
    is_new: bool,
    /// The highest ticket so far.
    newest: AtomicI64,
}

/// The most jobs of one commit: whoever waits for the first of them waits for all.
const GROUP_LIMIT: usize = 64;

/// Work for the writer.
enum Job {
    /// Reads or changes submissions. The changes of the jobs that wait are committed together.
    Grouped(Box<dyn FnOnce(&mut Store) -> Answer + Send>),
    /// Cannot be a part of a transaction.
    Alone(Box<dyn FnOnce(&mut Store) + Send>),
}

/// Sends a job's result once it is known whether its group was committed.
type Answer = Box<dyn FnOnce(Option<&Arc<JournalError>>) + Send>;

/// Who writes.
#[derive(Debug)]
enum Writer {
    /// The one thread that has the file.
    Thread { jobs: Option<mpsc::Sender<Job>>, thread: Option<JoinHandle<()>> },
    /// Whoever asks, in a simulation.
    #[cfg(test)]
    Caller(simulated::Life),
}

impl Journal {
    /// Opens the file, or begins one, and starts the thread.
    pub(crate) fn open(path: &Path) -> Result<Self, JournalError> {
        keep_private(path)?;
        let mut store = Store::open(path)?;
        let is_new = !store.is_compared()?;
        let newest = AtomicI64::new(store.newest_ticket()?.0);
        // SQLite syncs what is in its files; the name of a new one is the folder's.
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            std::fs::File::open(folder)?.sync_all()?;
        }
        let (jobs, asked) = mpsc::channel::<Job>();
        let work = move || {
            while let Ok(first) = asked.recv() {
                let waiting = asked.try_iter().take(GROUP_LIMIT - 1);
                run(&mut store, iter::once(first).chain(waiting));
            }
        };
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(work)?;
        let writer = Writer::Thread { jobs: Some(jobs), thread: Some(thread) };
        Ok(Self { writer, is_new, newest })
    }

    /// Whether no start has yet compared it with the spool to the end: whatever it does not know
    /// there may belong to another journal.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new
    }

    /// From now on, what it does not know in the spool never arrived whole.
    pub(crate) async fn set_compared(&self) -> Result<(), JournalError> {
        self.ask_alone(Store::set_compared).await
    }

    #[cfg(test)]
    pub(crate) fn simulated(life: simulated::Life) -> Self {
        let newest = life.store.lock().unwrap().newest_ticket().unwrap();
        Self { writer: Writer::Caller(life), is_new: false, newest: AtomicI64::new(newest.0) }
    }

    /// Has the writer read or change submissions, and returns the result once the change is
    /// committed. The work is done even if the caller no longer waits for it.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.submit(work, |work, done| {
            Job::Grouped(Box::new(move |store| {
                let result = work(store);
                Box::new(move |failed| {
                    let commit = |error: &Arc<_>| Err(JournalError::Commit(Arc::clone(error)));
                    // The caller may have left.
                    let _ = done.send(failed.map_or(result, commit));
                })
            }))
        })
        .await
    }

    /// The same for work that cannot be a part of a transaction.
    async fn ask_alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.submit(work, |work, done| Job::Alone(Box::new(|store| drop(done.send(work(store))))))
            .await
    }

    async fn submit<T, W>(
        &self,
        work: W,
        job: impl FnOnce(W, oneshot::Sender<Result<T, JournalError>>) -> Job,
    ) -> Result<T, JournalError>
    where
        W: FnOnce(&mut Store) -> Result<T, JournalError>,
    {
        match &self.writer {
            Writer::Thread { jobs, .. } => {
                let (done, result) = oneshot::channel();
                let job = job(work, done);
                jobs.as_ref().and_then(|jobs| jobs.send(job).ok()).ok_or(JournalError::Closed)?;
                result.await.map_err(|_| JournalError::Closed)?
            }
            #[cfg(test)]
            Writer::Caller(life) => life.ask(work).await,
        }
    }

    /// Enters a submission whose files are on disk.
    pub(crate) async fn admit(
        &self,
        arrival: Arrival,
        now: Moment,
    ) -> Result<Admission, JournalError> {
        let admission = self.ask(move |store| store.admit(&arrival, now)).await?;
        if let Admitted::Entered { ticket, .. } = admission.admitted {
            self.newest.fetch_max(ticket.0, Ordering::SeqCst);
        }
        Ok(admission)
    }

    /// The highest ticket so far: what is entered from now on has a higher one.
    pub(crate) fn newest_ticket(&self) -> Ticket {
        Ticket(self.newest.load(Ordering::SeqCst))
    }

    /// Everything that waits.
    pub(crate) async fn open_entries(&self) -> Result<Vec<Open>, JournalError> {
        self.ask(|store| store.open_entries()).await
    }

    /// The same, if an operator has changed anything since this was last asked.
    pub(crate) async fn changed_entries(&self) -> Result<Option<Vec<Open>>, JournalError> {
        self.ask_alone(|store| {
            let changed = store.changed_by_others()?;
            changed.then(|| store.open_entries()).transpose()
        })
        .await
    }

    /// The entry of a reference, if it waits.
    pub(crate) async fn open_entry(
        &self,
        reference: &Reference,
    ) -> Result<Option<Open>, JournalError> {
        let reference = reference.clone();
        self.ask(move |store| store.open_entry(&reference)).await
    }

    /// Claims a submission for an attempt to deliver it.
    pub(crate) async fn claim(&self, ticket: Ticket, now: Moment) -> Result<Claimed, JournalError> {
        self.ask(move |store| store.claim(ticket, now)).await
    }

    /// Prolongs a claim. Returns false if it has been lost.
    pub(crate) async fn renew(&self, claim: &Claim, now: Moment) -> Result<bool, JournalError> {
        let claim = claim.clone();
        self.ask(move |store| store.renew(&claim, now)).await
    }

    /// Ends the claims of earlier runs: the lock on the folder allows one proxy at a time.
    pub(crate) async fn release_others(&self) -> Result<(), JournalError> {
        self.ask(Store::release_others).await
    }

    /// Writes down what came of an attempt, and ends its claim. Returns false if the claim was lost.
    pub(crate) async fn settle(
        &self,
        claim: Claim,
        settlement: Settlement,
        now: Moment,
    ) -> Result<bool, JournalError> {
        self.ask(move |store| store.settle(&claim, &settlement, now)).await
    }

    /// What became of a submission of that form, for the visitor, who is told of it.
    pub(crate) async fn tell(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<Status>, JournalError> {
        let (form, reference) = (form.to_owned(), reference.clone());
        self.ask(move |store| store.tell(&form, &reference)).await
    }

    /// Whether a submission of that form is known under that reference.
    pub(crate) async fn has(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<bool, JournalError> {
        let (form, reference) = (form.to_owned(), reference.clone());
        self.ask(move |store| store.has(&form, &reference)).await
    }

    /// Notes that a page which does not number its requests was told that the submission arrived.
    pub(crate) async fn confirm(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<(), JournalError> {
        let (form, reference) = (form.to_owned(), reference.clone());
        self.ask(move |store| store.confirm(&form, &reference)).await
    }

    /// Forgets what was delivered before then, or refused and told, and gives the folders to remove.
    pub(crate) async fn forget(&self, before: Moment) -> Result<Vec<FolderName>, JournalError> {
        self.ask_alone(move |store| store.forget(before)).await
    }

    /// Removes refused and failed submissions until they take at most that many bytes.
    pub(crate) async fn evict(&self, share: u64) -> Result<Evicted, JournalError> {
        self.ask_alone(move |store| store.evict(share)).await
    }

    /// The folders that entries refer to.
    pub(crate) async fn folders(&self) -> Result<Vec<FolderName>, JournalError> {
        self.ask(|store| store.folders()).await
    }

    /// Whether the file can be read, and the writer keeps up.
    pub(crate) async fn answers(&self) -> Result<(), JournalError> {
        self.ask(|store| store.answers()).await
    }

    /// How many submissions are in which state; counted one by one.
    pub(crate) async fn counts(&self) -> Result<Counts, JournalError> {
        self.ask(|store| store.counts()).await
    }
}

/// Runs jobs in their order.
fn run(store: &mut Store, jobs: impl Iterator<Item = Job>) {
    let mut answers = Vec::new();
    store.begin_group();
    for job in jobs {
        match job {
            Job::Grouped(job) => answers.push(job(store)),
            Job::Alone(job) => {
                commit(store, answers.drain(..));
                job(store);
                store.begin_group();
            }
        }
    }
    commit(store, answers.drain(..));
}

/// Commits the group's changes, and then sends the results: nothing is known before it is on disk.
fn commit(store: &mut Store, answers: impl Iterator<Item = Answer>) {
    let failed = store.commit_group().err().map(Arc::new);
    for answer in answers {
        answer(failed.as_ref());
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        match self {
            Self::Thread { jobs, thread } => {
                drop(jobs.take());
                // A writer that panicked has said so.
                let _ = thread.take().map(JoinHandle::join);
            }
            #[cfg(test)]
            Self::Caller(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize};

    use super::*;
    use crate::store::journal::{Body, Content};

    /// A journal whose commits are counted, and fail while they are told to.
    struct Counted {
        journal: Arc<Journal>,
        commits: Arc<AtomicUsize>,
        fails: Arc<AtomicBool>,
        _folder: tempfile::TempDir,
    }

    impl Counted {
        async fn open() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let journal = Arc::new(Journal::open(&folder.path().join("journal.sqlite")).unwrap());
            let (commits, fails) =
                (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
            let (counted, failing) = (Arc::clone(&commits), Arc::clone(&fails));
            let hook = move || {
                counted.fetch_add(1, Ordering::SeqCst);
                failing.load(Ordering::SeqCst)
            };
            let set = |store: &mut Store| Ok(store.connection.commit_hook(Some(hook))?);
            journal.ask_alone(set).await.unwrap();
            Self { journal, commits, fails, _folder: folder }
        }

        /// Enters submissions that all wait for the writer at the same time, and returns the results.
        async fn admit_together(&self, count: u8) -> Vec<Result<Admission, JournalError>> {
            let (release, blocked) = mpsc::channel::<()>();
            let journal = Arc::clone(&self.journal);
            let block = move |_: &mut Store| {
                let _ = blocked.recv();
                Ok(())
            };
            let block = tokio::spawn(async move { journal.ask_alone(block).await });
            let admissions: Vec<_> = (1..=count)
                .map(|number| {
                    let journal = Arc::clone(&self.journal);
                    tokio::spawn(async move { journal.admit(arrival(number), Moment(0)).await })
                })
                .collect();
            // On one thread, every task has handed its work to the writer by then.
            for _ in 0..=count {
                tokio::task::yield_now().await;
            }
            release.send(()).unwrap();
            block.await.unwrap().unwrap();
            let mut results = Vec::new();
            for admission in admissions {
                results.push(admission.await.unwrap());
            }
            results
        }
    }

    fn arrival(number: u8) -> Arrival {
        Arrival {
            form: "quote".to_owned(),
            reference: Reference::from_random([number; 16]),
            content: Content([number; 32]),
            body: Body { values: Vec::new(), files: Vec::new() },
            folder: None,
            revision: None,
            begun: Ticket(i64::MAX),
            otherwise: None,
        }
    }

    #[tokio::test]
    async fn commits_all_waiting_changes_together() {
        let counted = Counted::open().await;
        let results = counted.admit_together(16).await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        assert_eq!(counted.commits.load(Ordering::SeqCst), 1);
        assert_eq!(counted.journal.counts().await.unwrap().queued, 16);
    }

    #[tokio::test]
    async fn reports_a_failed_commit_to_every_caller_and_keeps_none_of_its_changes() {
        let counted = Counted::open().await;
        counted.fails.store(true, Ordering::SeqCst);
        let results = counted.admit_together(3).await;
        for result in results {
            assert!(matches!(result, Err(JournalError::Commit(_))), "{result:?}");
        }
        assert_eq!(counted.journal.counts().await.unwrap().queued, 0);
        counted.fails.store(false, Ordering::SeqCst);
        assert!(counted.admit_together(3).await.iter().all(Result::is_ok));
    }

    #[tokio::test]
    async fn a_failed_change_does_not_take_back_the_others_of_its_group() {
        let counted = Counted::open().await;
        let journal = &counted.journal;
        let fail = journal.ask(|store| {
            store.change(|connection| {
                connection.execute_batch("DELETE FROM submissions")?;
                Err::<(), _>(JournalError::Row("reply"))
            })
        });
        let (first, failed, second) = tokio::join!(
            journal.admit(arrival(1), Moment(0)),
            fail,
            journal.admit(arrival(2), Moment(0))
        );
        assert!(first.is_ok() && second.is_ok());
        assert!(matches!(failed, Err(JournalError::Row("reply"))));
        assert_eq!(journal.counts().await.unwrap().queued, 2);
    }
}
