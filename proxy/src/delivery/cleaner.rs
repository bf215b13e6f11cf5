//! Removes old submissions, expired proofs and unknown files, and enforces the quota of refused and failed submissions.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, interval_at};
use tracing::{error, info};

use super::client::CrmClient;
use super::queue::Shared;
use crate::store::Answers;

/// How often old submissions, expired proofs and unknown files are removed.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

impl<C: CrmClient> Shared<C> {
    /// Records the size of a refused or failed submission, so that the quota is enforced in time.
    pub(super) fn count_kept(&self, answers: &Answers) {
        self.kept.add(answers.size(), self.rules.keep_refused.0);
    }

    /// Removes old submissions, expired proofs and unknown files regularly, and enforces the quota when it may be exceeded.
    pub(super) async fn clean(self: Arc<Self>) {
        // Do not start immediately: if the clock was wrong when the machine started, the system may
        // have to set it first.
        let first = INTERVAL.min(self.rules.keep.0);
        let mut interval = interval_at(Instant::now() + first, INTERVAL);
        self.enforce_quota().await;
        loop {
            tokio::select! {
                () = self.stopped() => return,
                _ = interval.tick() => {
                    self.prune().await;
                    self.prune_proofs().await;
                    self.sweep().await;
                }
                () = self.kept.wait_for_growth() => self.enforce_quota().await,
            }
        }
    }

    /// Removes the files of uploads as soon as they are aborted, until the proxy stops.
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
            Err(error) => error!(%error, "cannot prune old entries of the journal"),
        }
    }

    async fn prune_proofs(&self) {
        if let Err(error) = self.store.prune_proofs().await {
            error!(%error, "cannot remove the expired proofs that submissions have used");
        }
    }

    async fn sweep(&self) {
        if let Err(error) = self.store.sweep().await {
            error!(%error, "cannot sweep unknown files from the spool");
        }
    }

    async fn enforce_quota(&self) {
        self.kept.reset();
        match self.store.enforce_quota(self.rules.keep_refused.0).await {
            Ok(0) => {}
            Ok(submissions) => error!(
                submissions,
                "refused and failed submissions exceeded delivery.keep_refused: removed files or \
                 answers of submissions whose visitors do not know that the submission failed"
            ),
            Err(error) => error!(%error, "cannot enforce delivery.keep_refused"),
        }
    }
}
