//! Removes old submissions, and keeps refused and failed ones within their share of the disk.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, interval_at};
use tracing::{error, info};

use super::client::CrmClient;
use super::queue::Shared;
use crate::store::journal::Body;

/// How often.
const EVERY: Duration = Duration::from_secs(60 * 60);

impl<C: CrmClient> Shared<C> {
    /// Counts a submission that was refused or failed and is kept for the operator.
    pub(super) fn keeps(&self, body: &Body) {
        self.kept.add(body.size(), self.rules.keep_refused.0);
    }

    /// Forgets what was settled long ago, from time to time.
    pub(super) async fn clean(self: Arc<Self>) {
        // Not at once: a clock that was wrong when the machine started has been set by then.
        let first = EVERY.min(self.rules.keep.0);
        let mut turn = interval_at(Instant::now() + first, EVERY);
        self.evict().await;
        loop {
            tokio::select! {
                () = self.stopped() => return,
                _ = turn.tick() => self.forget().await,
                () = self.kept.grown() => self.evict().await,
            }
        }
    }

    async fn forget(&self) {
        let before = (self.ambient.now)().minus(self.rules.keep.0);
        match self.journal.forget(before).await {
            Ok(folders) => {
                if !folders.is_empty() {
                    info!(submissions = folders.len(), "removed the files of old submissions");
                }
                self.remove(folders);
            }
            Err(error) => error!(%error, "cannot remove old entries from the journal"),
        }
    }

    async fn evict(&self) {
        self.kept.reset();
        match self.journal.evict(self.rules.keep_refused.0).await {
            Ok(evicted) => {
                if evicted.unheard > 0 {
                    error!(
                        submissions = evicted.unheard,
                        "more was refused or failed than delivery.keep_refused holds: \
                         submissions of which nobody had heard lost their files, or all"
                    );
                }
                self.remove(evicted.folders);
            }
            Err(error) => error!(%error, "cannot measure what was refused or failed"),
        }
    }
}
