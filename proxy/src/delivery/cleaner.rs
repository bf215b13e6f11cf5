//! Removes old submissions, and keeps refused and failed ones within their share of the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, interval_at};
use tracing::{error, info};

use super::Courier;
use super::queue::Shared;
use crate::journal::Body;

/// How often.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// The kept submissions are measured again after each such part of the share, so that they exceed
/// it by no more than that.
const PART: u64 = 16;

/// The submissions that were refused or failed since the last measurement.
#[derive(Debug, Default)]
pub(super) struct Kept {
    bytes: AtomicU64,
    much: Notify,
}

impl<C: Courier> Shared<C> {
    /// Counts a submission that was refused or failed and is kept for the operator.
    pub(super) fn keeps(&self, body: &Body) {
        let size = body.size();
        let bytes = self.kept.bytes.fetch_add(size, Ordering::SeqCst).saturating_add(size);
        if bytes >= self.rules.keep_refused.0 / PART {
            self.kept.much.notify_one();
        }
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
                () = self.kept.much.notified() => self.evict().await,
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
        self.kept.bytes.store(0, Ordering::SeqCst);
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
