//! The journal's one writer: a thread that has the file, and which everybody else asks.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;

use deal_contract::reference::Reference;
use tokio::sync::oneshot;

use super::entry::{
    Admission, Admitted, Arrival, Counts, Open, Parcel, Settlement, Status, Ticket,
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

type Job = Box<dyn FnOnce(&mut Store) + Send>;

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
            for job in asked {
                job(&mut store);
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
        self.ask(Store::set_compared).await
    }

    #[cfg(test)]
    pub(crate) fn simulated(life: simulated::Life) -> Self {
        let newest = life.store.lock().unwrap().newest_ticket().unwrap();
        Self { writer: Writer::Caller(life), is_new: false, newest: AtomicI64::new(newest.0) }
    }

    /// Has the writer do something, and gives what came of it. It is done even when nobody waits
    /// for it any more.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        match &self.writer {
            Writer::Thread { jobs, .. } => {
                let (done, result) = oneshot::channel();
                // Nobody to tell is no failure.
                let job: Job = Box::new(move |store| drop(done.send(work(store))));
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
        self.ask(|store| {
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

    /// What an attempt needs; none when there is nothing to attempt any more.
    pub(crate) async fn parcel(&self, ticket: Ticket) -> Result<Option<Parcel>, JournalError> {
        self.ask(move |store| store.parcel(ticket)).await
    }

    /// Writes down what came of an attempt. False when it no longer matters.
    pub(crate) async fn settle(
        &self,
        ticket: Ticket,
        settlement: Settlement,
        now: Moment,
    ) -> Result<bool, JournalError> {
        self.ask(move |store| store.settle(ticket, &settlement, now)).await
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
        self.ask(move |store| store.forget(before)).await
    }

    /// Removes refused and failed submissions until they take at most that many bytes.
    pub(crate) async fn evict(&self, share: u64) -> Result<Evicted, JournalError> {
        self.ask(move |store| store.evict(share)).await
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
