//! The one writer: a thread that has the `SQLite` file. Changes that wait at the same time share one commit.

use std::iter;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::database::Database;
use crate::store::error::StoreError;

/// The most jobs of one commit: each of them waits for all others.
const GROUP_LIMIT: usize = 64;

/// The thread. When it is dropped, it finishes the jobs that were submitted and closes the file.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// Work for the thread.
enum Job {
    /// Reads or changes rows. The changes of the jobs that wait are committed together.
    Grouped(Box<dyn FnOnce(&mut Database) -> Reply + Send>),
    /// Cannot be a part of a transaction.
    Alone(Box<dyn FnOnce(&mut Database) + Send>),
}

/// Sends a job's result once it is known whether its group was committed.
type Reply = Box<dyn FnOnce(Option<&Arc<StoreError>>) + Send>;

impl Writer {
    /// Starts the thread.
    pub(super) fn start(mut database: Database) -> Result<Self, StoreError> {
        let (jobs, submitted) = mpsc::channel::<Job>();
        let work = move || {
            while let Ok(first) = submitted.recv() {
                let waiting = submitted.try_iter().take(GROUP_LIMIT - 1);
                run(&mut database, iter::once(first).chain(waiting));
            }
        };
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(work);
        let thread = thread.map_err(StoreError::journal)?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Reads or changes rows, and returns the result once the change is committed. The work is done even if the caller
    /// no longer waits for it.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Database) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (done, result) = oneshot::channel();
        self.submit(Job::Grouped(Box::new(move |database| {
            let result = work(database);
            Box::new(move |failed| {
                let uncertain =
                    |error: &Arc<_>| Err(StoreError::UncertainCommit(Arc::clone(error)));
                // The caller may have left.
                let _ = done.send(failed.map_or(result, uncertain));
            })
        })))?;
        result.await.map_err(|_| StoreError::Closed)?
    }

    /// The same for work that cannot be a part of a transaction.
    pub(super) async fn run_alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Database) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (done, result) = oneshot::channel();
        self.submit(Job::Alone(Box::new(move |database| {
            // The caller may have left.
            let _ = done.send(work(database));
        })))?;
        result.await.map_err(|_| StoreError::Closed)?
    }

    fn submit(&self, job: Job) -> Result<(), StoreError> {
        let submitted = self.jobs.as_ref().and_then(|jobs| jobs.send(job).ok());
        submitted.ok_or(StoreError::Closed)
    }
}

/// Runs jobs in their order.
fn run(database: &mut Database, jobs: impl Iterator<Item = Job>) {
    let mut replies = Vec::new();
    database.begin_group();
    for job in jobs {
        match job {
            Job::Grouped(job) => replies.push(job(database)),
            Job::Alone(job) => {
                commit(database, replies.drain(..));
                job(database);
                database.begin_group();
            }
        }
    }
    commit(database, replies.drain(..));
}

/// Commits the group's changes, and then sends the results: callers learn nothing before it is on disk.
fn commit(database: &mut Database, replies: impl Iterator<Item = Reply>) {
    let failed = database.commit_group().err().map(Arc::new);
    for reply in replies {
        reply(failed.as_ref());
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        // A thread that panicked has printed why.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
