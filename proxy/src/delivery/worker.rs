//! Starts the attempts, and takes submissions from the store when they are due.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tracing::{Instrument, error, info_span};

use super::client::CrmClient;
use super::queue::Shared;
use super::scheduler::Step;
use crate::store::StoreError;

/// How often to take submissions that are due from the store. An operator has retried them, or the proxy that attempted
/// them last has stopped. A random time is added, so that several proxies do not read the store at the same time.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// The number of due submissions that the scheduler keeps ready. The others stay in the store for other proxies.
const READY: usize = 100;

impl<C: CrmClient> Shared<C> {
    /// Starts attempts until the proxy stops.
    pub(super) async fn run(self: Arc<Self>) {
        let mut poll = Instant::now();
        // Whether the store may have more due submissions than the scheduler.
        let mut has_more = false;
        loop {
            let is_low = has_more && self.missing() >= READY / 2;
            let has_unknown = self.has_unknown_due.swap(false, Ordering::SeqCst);
            if is_low || has_unknown || Instant::now() >= poll {
                has_more = self.take_due().await;
                poll = Instant::now() + POLL_INTERVAL + self.jitter();
            }
            let step = self.scheduler().next(Instant::now());
            let until = match step {
                Step::Start(delivery) => {
                    if self.is_stopping() {
                        return;
                    }
                    let span = info_span!("delivery", reference = delivery.reference.abbreviated());
                    let attempt = Arc::clone(&self).attempt(delivery);
                    self.tasks.spawn(attempt.instrument(span));
                    continue;
                }
                Step::Wait(until) => until,
            };
            tokio::select! {
                () = self.stopped() => return,
                () = self.wake.notified() => {}
                () = sleep_until(until.map_or(poll, |until| until.min(poll))) => {}
            }
        }
    }

    /// Takes submissions that are due from the store. Returns whether the store may have more of them.
    async fn take_due(&self) -> bool {
        let missing = self.missing();
        if missing == 0 || self.is_stopping() {
            return false;
        }
        match self.try_take_due(missing).await {
            Ok(taken) => taken == missing,
            Err(error) => {
                error!(%error, "cannot take due submissions from the journal");
                self.has_uncertain_commit.store(true, Ordering::SeqCst);
                false
            }
        }
    }

    async fn try_take_due(&self, limit: usize) -> Result<usize, StoreError> {
        if self.has_uncertain_commit.swap(false, Ordering::SeqCst) {
            let known = self.scheduler().references();
            self.store.release(&known).await?;
        }
        let running = self.scheduler().running();
        let due = self.store.take_due(limit, &running).await?;
        let (mut scheduler, now) = (self.scheduler(), Instant::now());
        for submission in &due {
            scheduler.add_taken(submission, now);
        }
        Ok(due.len())
    }

    fn missing(&self) -> usize {
        self.scheduler().missing(READY, Instant::now())
    }

    fn jitter(&self) -> Duration {
        let quarter = u64::try_from(POLL_INTERVAL.as_millis() / 4).unwrap_or(0);
        Duration::from_millis(self.rng.next().checked_rem(quarter + 1).unwrap_or(0))
    }
}
