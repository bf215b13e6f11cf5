//! The state that all requests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_util::task::TaskTracker;

use crate::calls::Calls;
use crate::faults::Faults;
use crate::options::{EmptyValues, Key, Options};
use crate::store::Store;

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) faults: Faults,
    pub(crate) calls: Calls,
    /// The sandbox's own address, such as `http://127.0.0.1:8090/`.
    pub(crate) url: String,
    pub(crate) key: Key,
    /// The company that owns the account; it appears in the subject of emails.
    pub(crate) company: String,
    pub(crate) attachment_limit: u64,
    pub(crate) empty_values: EmptyValues,
    /// Calls that continue even if their client has disconnected.
    pub(crate) tasks: TaskTracker,
    revision: AtomicU64,
}

impl App {
    pub(crate) fn new(store: Store, options: &Options, url: String) -> Self {
        Self {
            store,
            faults: Faults::default(),
            calls: Calls::default(),
            url,
            key: options.key.clone(),
            company: options.company.clone(),
            attachment_limit: options.attachment_limit,
            empty_values: options.empty_values,
            tasks: TaskTracker::new(),
            // The revision starts at the current time, so a page left open during a restart sees a new
            // number.
            revision: AtomicU64::new(
                u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(0),
            ),
        }
    }

    /// Notifies open pages that they are out of date.
    pub(crate) fn bump_revision(&self) {
        self.revision.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Relaxed)
    }

    /// Runs blocking work on a separate thread.
    pub(crate) async fn run_blocking<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> T {
        match tokio::task::spawn_blocking(move || work(&self)).await {
            Ok(done) => done,
            // The task is never cancelled, so the work has panicked.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}
