//! Removes old submissions and unknown files, and keeps refused and failed submissions within their share of the disk.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, interval_at};
use tracing::{error, info};

use super::client::CrmClient;
use super::queue::Shared;
use crate::store::Answers;

/// How often old submissions and unknown files are removed.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

impl<C: CrmClient> Shared<C> {
    /// Counts a submission that was refused or failed, and is kept for the operator.
    pub(super) fn count_kept(&self, answers: &Answers) {
        self.kept.add(answers.size(), self.rules.keep_refused.0);
    }

    /// Removes what is not needed, from time to time.
    pub(super) async fn clean(self: Arc<Self>) {
        // Not at once: a clock that was wrong when the machine started has been set by then.
        let first = INTERVAL.min(self.rules.keep.0);
        let mut interval = interval_at(Instant::now() + first, INTERVAL);
        self.enforce_quota().await;
        loop {
            tokio::select! {
                () = self.stopped() => return,
                _ = interval.tick() => {
                    self.prune().await;
                    self.sweep().await;
                }
                () = self.kept.grown() => self.enforce_quota().await,
            }
        }
    }

    /// Removes the files of aborted uploads at once.
    pub(super) async fn remove_abandoned(self: Arc<Self>) {
        tokio::select! {
            () = self.stopped() => {}
            () = self.store.remove_abandoned() => {}
        }
    }

    async fn prune(&self) {
        match self.store.prune(self.rules.keep.0).await {
            Ok(0) => {}
            Ok(submissions) => info!(submissions, "removed the files of old submissions"),
            Err(error) => error!(%error, "cannot remove old entries from the journal"),
        }
    }

    async fn sweep(&self) {
        if let Err(error) = self.store.sweep().await {
            error!(%error, "cannot look for files that no submission needs");
        }
    }

    async fn enforce_quota(&self) {
        self.kept.reset();
        match self.store.enforce_quota(self.rules.keep_refused.0).await {
            Ok(0) => {}
            Ok(submissions) => error!(
                submissions,
                "more was refused or failed than delivery.keep_refused holds: \
                 submissions of which nobody had heard lost their files, or all"
            ),
            Err(error) => error!(%error, "cannot measure what was refused or failed"),
        }
    }
}
