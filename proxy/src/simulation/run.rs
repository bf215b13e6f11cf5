//! One run of a proxy, until its crash.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::task::yield_now;

use super::clock::JumpingClock;
use super::crm::{CrmDatabase, SimulatedCrm};
use crate::delivery::Queue;
use crate::settings::config::DeliveryRules;
use crate::settings::random::Rng;
use crate::store::Store;
use crate::store::memory::{Interruptions, MemoryStore};

/// A run. After its crash, its store operations never return and change nothing, so the rest of the run has no effect.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// The stored data, which the checks read.
    pub(super) data: Arc<MemoryStore>,
    is_over: Arc<AtomicBool>,
    /// Whether the disk sometimes fails, and the random numbers that decide when it fails.
    failing: Arc<Mutex<(bool, fastrand::Rng)>>,
}

/// A proxy that is running.
#[derive(Debug, Clone)]
pub(super) struct Proxy<C> {
    pub(super) queue: Queue<C>,
    pub(super) store: Store,
}

impl Run {
    pub(super) fn first(seed: u64, clock: &JumpingClock) -> Self {
        let failing = (false, fastrand::Rng::with_seed(seed));
        Self {
            data: Arc::new(MemoryStore::new(clock.clock())),
            is_over: Arc::default(),
            failing: Arc::new(Mutex::new(failing)),
        }
    }

    /// Sets whether the disk sometimes fails.
    pub(super) fn set_failing(&self, failing: bool) {
        self.failing.lock().unwrap().0 = failing;
    }

    /// Crashes the proxy.
    pub(super) fn end(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }

    /// Creates the next run, which continues with the data of this one.
    pub(super) fn next(&self) -> Self {
        Self { is_over: Arc::default(), ..self.clone() }
    }

    /// Starts the proxy.
    pub(super) async fn start(
        &self,
        database: &CrmDatabase,
        rules: DeliveryRules,
        (seed, failing): (u64, bool),
    ) -> Proxy<SimulatedCrm> {
        // The disk does not fail during the start, because the proxy would not start.
        self.set_failing(false);
        let memory = self.data.for_another_proxy(Arc::new(self.clone()));
        // A real proxy can do this because it has the lock on the folder.
        memory.release_others();
        let store = memory.into_store();
        let rng = Mutex::new(fastrand::Rng::with_seed(seed));
        let rng = Rng::new(move || rng.lock().unwrap().u64(..));
        let crm = SimulatedCrm { database: database.clone(), run: self.clone() };
        let queue = Queue::start(crm, store.clone(), rules, rng).await.unwrap();
        self.set_failing(failing);
        Proxy { queue, store }
    }

    /// Waits forever after the end of the run.
    pub(super) async fn wait_if_over(&self) {
        if self.is_over.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl Interruptions for Run {
    async fn wait(&self) {
        // Other tasks run during an operation.
        yield_now().await;
        self.wait_if_over().await;
    }

    fn fails(&self) -> bool {
        let (failing, rng) = &mut *self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        *failing && rng.u32(0..60) == 0
    }
}
