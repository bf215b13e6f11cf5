//! A journal for simulations: no thread, so that virtual time stands still while it works, and a
//! store that outlives a simulated crash.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use rusqlite::Error::InvalidQuery;

use tokio::task::yield_now;

use super::error::JournalError;
use super::store::Store;

/// One run of a proxy, up to its crash. Afterwards nobody who asks ever hears anything, and the
/// store stays as it was: all that the dead run could still do goes through here, or follows from
/// an answer.
#[derive(Debug, Clone)]
pub(crate) struct Life {
    pub(crate) store: Arc<Mutex<Store>>,
    over: Arc<AtomicBool>,
    /// Whether the disk fails now and then, and when.
    failing: Arc<Mutex<(bool, fastrand::Rng)>>,
}

impl Life {
    pub(crate) fn first(seed: u64) -> Self {
        let failing = (false, fastrand::Rng::with_seed(seed));
        Self {
            store: Arc::new(Mutex::new(Store::in_memory())),
            over: Arc::default(),
            failing: Arc::new(Mutex::new(failing)),
        }
    }

    /// Whether the disk fails from now on, now and then.
    pub(crate) fn fail(&self, failing: bool) {
        self.failing.lock().unwrap().0 = failing;
    }

    fn fails(&self) -> bool {
        let (failing, rng) = &mut *self.failing.lock().unwrap();
        *failing && rng.u32(0..60) == 0
    }

    /// The crash.
    pub(crate) fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// The next run, which is another owner of claims.
    pub(crate) fn next(&self) -> Self {
        self.store.lock().unwrap().owner.push('\'');
        Self { over: Arc::default(), ..self.clone() }
    }

    pub(super) async fn ask<T>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        // Where the thread would be waited for, others run.
        yield_now().await;
        self.go_on().await;
        // A commit that fails may have taken all the same.
        let result = if self.fails() {
            Err(InvalidQuery.into())
        } else {
            work(&mut self.store.lock().unwrap())
        };
        yield_now().await;
        self.go_on().await;
        if self.fails() { Err(InvalidQuery.into()) } else { result }
    }

    /// Never ends once the run is over.
    pub(crate) async fn go_on(&self) {
        if self.is_over() {
            std::future::pending::<()>().await;
        }
    }
}
