//! One of several proxies that share a store, with its client for the CRM.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use deal_contract::reply::Deal;
use tokio::sync::{Notify, oneshot};
use tokio::task::yield_now;
use tokio::time::sleep;

use super::crm::{CrmDatabase, text};
use super::run::Proxy;
use super::schedule::rules;
use crate::delivery::{CrmClient, CrmError, Queue, SendDeadline};
use crate::settings::random::Rng;
use crate::store::Delivery;
use crate::store::memory::{Interruptions, MemoryStore};

/// The faults of one proxy, from its start to its crash. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults(Arc<State>);

#[derive(Debug, Default)]
struct State {
    condition: Mutex<Condition>,
    resumed: Notify,
}

/// What a proxy can do at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Condition {
    #[default]
    Running,
    /// The process is stopped, as by `SIGSTOP`. It continues where it was.
    Paused,
    /// The proxy has no connection to the database.
    CutOff,
    /// The process has ended.
    Crashed,
}

/// The CRM's client of a proxy.
#[derive(Debug, Clone)]
pub(super) struct ReplicaCrm {
    database: CrmDatabase,
    faults: Faults,
    rng: Arc<Mutex<fastrand::Rng>>,
}

impl Faults {
    pub(super) fn set(&self, condition: Condition) {
        let mut current = self.lock();
        // A crashed process stays crashed.
        if *current != Condition::Crashed {
            *current = condition;
        }
        drop(current);
        self.0.resumed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Condition> {
        self.0.condition.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while the proxy is paused. Waits forever after a crash.
    async fn wait_until_running(&self) {
        loop {
            let resumed = self.0.resumed.notified();
            if matches!(*self.lock(), Condition::Running | Condition::CutOff) {
                return;
            }
            resumed.await;
        }
    }
}

#[async_trait]
impl Interruptions for Faults {
    async fn wait(&self) {
        // Other tasks run during an operation.
        yield_now().await;
        self.wait_until_running().await;
    }

    fn fails(&self) -> bool {
        *self.lock() == Condition::CutOff
    }
}

/// Starts a proxy that shares the data with others.
pub(super) async fn start(
    data: &MemoryStore,
    database: &CrmDatabase,
    faults: &Faults,
    seed: u64,
) -> Proxy<ReplicaCrm> {
    let store = data.for_another_proxy(Arc::new(faults.clone())).into_store();
    let rng = Mutex::new(fastrand::Rng::with_seed(seed));
    let rng = Rng::new(move || rng.lock().unwrap().u64(..));
    let crm = ReplicaCrm {
        database: database.clone(),
        faults: faults.clone(),
        rng: Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))),
    };
    let queue = Queue::start(crm, store.clone(), rules(), rng).await.unwrap();
    Proxy { queue, store }
}

impl CrmClient for ReplicaCrm {
    async fn deliver(
        &self,
        delivery: &Delivery,
        deadline: &SendDeadline,
    ) -> Result<Deal, CrmError> {
        // The request's body is sent in pieces.
        let pieces = self.random(4);
        for _ in 0..=pieces {
            sleep(Duration::from_millis(self.random(20_000))).await;
            self.faults.wait_until_running().await;
            deadline.check().map_err(|_| CrmError::ClaimEnded)?;
        }
        // From now on, the CRM has the complete request, and processes it even if the proxy is paused or crashes.
        let (sender, reply) = oneshot::channel();
        tokio::spawn(process(
            self.database.clone(),
            delivery.clone(),
            self.processing_time(),
            sender,
        ));
        let reply = reply.await.unwrap_or(Err(CrmError::TimedOut));
        self.faults.wait_until_running().await;
        reply
    }
}

/// Processes a request in the CRM.
async fn process(
    database: CrmDatabase,
    delivery: Delivery,
    time: Duration,
    reply: oneshot::Sender<Result<Deal, CrmError>>,
) {
    let reference = &delivery.claim.reference;
    database.lock().begin_call(reference, delivery.claim.ticket);
    sleep(time / 2).await;
    let result = database.lock().add_deal(&delivery, text(&delivery));
    sleep(time / 2).await;
    database.lock().draft(reference).has_call = false;
    // The proxy may have crashed.
    let _ = reply.send(result);
}

impl ReplicaCrm {
    fn random(&self, limit: u64) -> u64 {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).u64(0..limit)
    }

    /// Returns the time that the CRM takes: a few seconds, or sometimes nearly as long as proxies wait for it.
    fn processing_time(&self) -> Duration {
        let limit = if self.random(8) == 0 { 118_000 } else { 4_000 };
        Duration::from_millis(self.random(limit))
    }
}
