//! The thread that reads and writes the `SQLite` file. Changes that wait at the same time share one commit.

use std::iter;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::database::Database;
use crate::store::error::StoreError;

/// The maximum number of jobs in one commit. Each job waits for all the others.
const GROUP_LIMIT: usize = 64;

/// The thread. Dropping it finishes the submitted jobs and closes the file.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// Work for the thread.
enum Job {
    /// Reads or changes rows. Jobs of this kind that wait one after another share one commit.
    Grouped(Box<dyn FnOnce(&mut Database) -> SendResult + Send>),
    /// Work that must not share a transaction with other jobs: earlier jobs are committed first.
    Alone(Box<dyn FnOnce(&mut Database) + Send>),
}

/// Sends the result of a job after the commit of its group. The argument is the commit's error, or `None` if the commit
/// succeeded.
type SendResult = Box<dyn FnOnce(Option<&Arc<StoreError>>) + Send>;

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

    /// Reads or changes rows, and returns the result after the commit. The work is done even if the caller is
    /// cancelled.
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
                // The caller may have been cancelled.
                let _ = done.send(failed.map_or(result, uncertain));
            })
        })))?;
        result.await.map_err(|_| StoreError::Closed)?
    }

    /// Runs work that must not share a transaction with other jobs: earlier jobs are committed first.
    pub(super) async fn run_alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Database) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (done, result) = oneshot::channel();
        self.submit(Job::Alone(Box::new(move |database| {
            // The caller may have been cancelled.
            let _ = done.send(work(database));
        })))?;
        result.await.map_err(|_| StoreError::Closed)?
    }

    fn submit(&self, job: Job) -> Result<(), StoreError> {
        let submitted = self.jobs.as_ref().and_then(|jobs| jobs.send(job).ok());
        submitted.ok_or(StoreError::Closed)
    }
}

/// Runs jobs in order.
fn run(database: &mut Database, jobs: impl Iterator<Item = Job>) {
    let mut results = Vec::new();
    database.begin_group();
    for job in jobs {
        match job {
            Job::Grouped(job) => results.push(job(database)),
            Job::Alone(job) => {
                commit(database, results.drain(..));
                job(database);
                database.begin_group();
            }
        }
    }
    commit(database, results.drain(..));
}

/// Commits the changes of the group, and then sends the results, so callers get the results only when the changes are
/// on disk.
fn commit(database: &mut Database, results: impl Iterator<Item = SendResult>) {
    let failed = database.commit_group().err().map(Arc::new);
    for send in results {
        send(failed.as_ref());
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        // If the thread panicked, it has printed the cause.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
