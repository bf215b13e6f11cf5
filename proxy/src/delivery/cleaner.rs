//! What nobody needs any more goes.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, interval_at};
use tracing::{error, info};

use super::Courier;
use super::queue::Shared;

/// How often.
const EVERY: Duration = Duration::from_secs(60 * 60);

impl<C: Courier> Shared<C> {
    /// Forgets what was settled long ago, from time to time.
    pub(super) async fn clean(self: Arc<Self>) {
        // Not at once: a clock that was wrong when the machine started has been set by then.
        let first = EVERY.min(self.rules.keep.0);
        let mut turn = interval_at(Instant::now() + first, EVERY);
        loop {
            tokio::select! {
                () = self.stopped() => return,
                _ = turn.tick() => {}
            }
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
    }
}
