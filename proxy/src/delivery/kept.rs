use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

/// The number of parts into which the quota is divided. The quota is enforced each time that new submissions have
/// filled one part, so it is exceeded by little more than one part.
const PARTS: u64 = 16;

/// The size of the submissions that were refused or failed since the quota was last enforced.
#[derive(Debug, Default)]
pub(super) struct KeptBytes {
    bytes: AtomicU64,
    grew: Notify,
}

impl KeptBytes {
    /// Adds the size of a submission, and wakes the cleaner when a part of the quota has been added.
    pub(super) fn add(&self, size: u64, quota: u64) {
        let bytes = self.bytes.fetch_add(size, Ordering::SeqCst).saturating_add(size);
        if bytes >= quota / PARTS {
            self.grew.notify_one();
        }
    }

    /// Starts counting again, because the quota is being enforced.
    pub(super) fn reset(&self) {
        self.bytes.store(0, Ordering::SeqCst);
    }

    /// Waits until the quota has to be enforced.
    pub(super) async fn wait_for_growth(&self) {
        self.grew.notified().await;
    }
}
