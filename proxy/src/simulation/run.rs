//! One run of a proxy, up to its crash.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::task::yield_now;

use super::clock::JumpingClock;
use super::crm::{Books, SimulatedCrm};
use crate::delivery::Queue;
use crate::settings::config::DeliveryRules;
use crate::settings::random::Rng;
use crate::store::Store;
use crate::store::memory::{Interruptions, MemoryStore};

/// A run. After its crash, its operations never end and change nothing: all that it could still do goes through the
/// store, or follows from an answer of the store.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// The data, as the test sees them.
    pub(super) data: Arc<MemoryStore>,
    over: Arc<AtomicBool>,
    /// Whether the disk fails now and then, and when.
    failing: Arc<Mutex<(bool, fastrand::Rng)>>,
}

/// A proxy that is running.
#[derive(Debug, Clone)]
pub(super) struct Proxy {
    pub(super) queue: Queue<SimulatedCrm>,
    pub(super) store: Store,
}

impl Run {
    pub(super) fn first(seed: u64, clock: &JumpingClock) -> Self {
        let failing = (false, fastrand::Rng::with_seed(seed));
        Self {
            data: Arc::new(MemoryStore::new(clock.clock())),
            over: Arc::default(),
            failing: Arc::new(Mutex::new(failing)),
        }
    }

    /// Whether the disk fails from now on, now and then.
    pub(super) fn fail(&self, failing: bool) {
        self.failing.lock().unwrap().0 = failing;
    }

    /// The crash.
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    /// The next run, with the data of this one.
    pub(super) fn next(&self) -> Self {
        Self { over: Arc::default(), ..self.clone() }
    }

    /// Starts the proxy.
    pub(super) async fn start(
        &self,
        books: &Books,
        rules: DeliveryRules,
        (seed, failing): (u64, bool),
    ) -> Proxy {
        // The disk does not fail during a start: the proxy would not run.
        self.fail(false);
        let memory = self.data.of_another_proxy(Arc::new(self.clone()));
        // As the lock on the folder allows.
        memory.release_others();
        let store = memory.into_store();
        let rng = Mutex::new(fastrand::Rng::with_seed(seed));
        let rng = Rng::new(move || rng.lock().unwrap().u64(..));
        let crm = SimulatedCrm { books: books.clone(), run: self.clone() };
        let queue = Queue::start(crm, store.clone(), rules, rng).await.unwrap();
        self.fail(failing);
        Proxy { queue, store }
    }

    /// Waits for ever once the run is over.
    pub(super) async fn wait_if_over(&self) {
        if self.over.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl Interruptions for Run {
    async fn go_on(&self) {
        // Other tasks run while an engine works.
        yield_now().await;
        self.wait_if_over().await;
    }

    fn fails(&self) -> bool {
        let (failing, rng) = &mut *self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        *failing && rng.u32(0..60) == 0
    }
}
