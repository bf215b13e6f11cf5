//! A journal for simulations: no thread, so that virtual time stands still while it works, and a
//! store that outlives a simulated crash.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::task::yield_now;

use super::JournalError;
use super::store::Store;

/// One run of a proxy, up to its crash. Afterwards nobody who asks ever hears anything, and the
/// store stays as it was: all that the dead run could still do goes through here, or follows from
/// an answer.
#[derive(Debug, Clone)]
pub(crate) struct Life {
    pub(crate) store: Arc<Mutex<Store>>,
    over: Arc<AtomicBool>,
}

impl Life {
    pub(crate) fn first() -> Self {
        Self { store: Arc::new(Mutex::new(Store::in_memory())), over: Arc::default() }
    }

    /// The crash.
    pub(crate) fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// The next run.
    pub(crate) fn next(&self) -> Self {
        Self { store: Arc::clone(&self.store), over: Arc::default() }
    }

    pub(super) async fn ask<T>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        // Where the thread would be waited for, others run.
        yield_now().await;
        self.go_on().await;
        let result = work(&mut self.store.lock().unwrap());
        yield_now().await;
        self.go_on().await;
        result
    }

    /// Never ends once the run is over.
    pub(crate) async fn go_on(&self) {
        if self.is_over() {
            std::future::pending::<()>().await;
        }
    }
}
