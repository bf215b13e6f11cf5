use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

/// The kept submissions are measured again after each of this many parts of their share of the disk, so that they exceed
/// it by at most one part.
const PART: u64 = 16;

/// The size of the submissions that were refused or failed since the last measurement.
#[derive(Debug, Default)]
pub(super) struct KeptBytes {
    bytes: AtomicU64,
    grew: Notify,
}

impl KeptBytes {
    /// Counts a submission, and wakes the cleaner when a part of the share has been added.
    pub(super) fn add(&self, size: u64, share: u64) {
        let bytes = self.bytes.fetch_add(size, Ordering::SeqCst).saturating_add(size);
        if bytes >= share / PART {
            self.grew.notify_one();
        }
    }

    /// Starts counting again after a measurement.
    pub(super) fn reset(&self) {
        self.bytes.store(0, Ordering::SeqCst);
    }

    /// Waits until a measurement is due.
    pub(super) async fn grown(&self) {
        self.grew.notified().await;
    }
}
