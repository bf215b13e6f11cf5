//! Counts the running uploads by sender. When all places are taken, a new upload may evict a slow
//! upload.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::concurrency::{ConcurrencyLimit, Permit, PermitError};
use super::sender::Sender;

/// The age after which an upload may be evicted. Most uploads are complete by then.
const GRACE: Duration = Duration::from_secs(10);

/// A network with more uploads than this number may lose one. A person sends only one form at a
/// time.
const SAFE_COUNT: usize = 4;

/// A network with at most `SAFE_COUNT` uploads may lose one only if the upload is slower than this rate,
/// not counting a pause of up to `PAUSE`.
const SAFE_BYTES_PER_SECOND: u64 = 2_000;
const PAUSE: Duration = Duration::from_secs(20);

/// The limit and the list of running uploads. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Uploads {
    permits: ConcurrencyLimit,
    active_uploads: Arc<Mutex<ActiveUploads>>,
}

#[derive(Debug, Default)]
struct ActiveUploads {
    next: u64,
    /// The uploads with their permits. Removing one returns its permit.
    by_number: HashMap<u64, ActiveUpload>,
}

/// The shared part of a running upload.
#[derive(Debug)]
struct ActiveUpload {
    _permit: Permit,
    sender: Sender,
    start: Instant,
    bytes: Arc<AtomicU64>,
    evicted: CancellationToken,
}

/// A running upload. Dropping it frees its place.
#[derive(Debug)]
pub(crate) struct Upload {
    uploads: Uploads,
    number: u64,
    bytes: Arc<AtomicU64>,
    evicted: CancellationToken,
}

impl Uploads {
    /// Takes a free place, or evicts the slowest upload of the busiest network.
    pub(super) fn begin(
        &self,
        sender: Sender,
        all: usize,
        each: usize,
    ) -> Result<Upload, PermitError> {
        let mut active_uploads = self.active_uploads();
        let permit = match self.permits.acquire(sender, all, each) {
            Err(PermitError::Total) => {
                let slowest = active_uploads.slowest_of_busiest(&self.permits, Instant::now());
                let active = slowest.and_then(|number| active_uploads.by_number.remove(&number));
                active.ok_or(PermitError::Total)?.evicted.cancel();
                self.permits.acquire(sender, all, each)?
            }
            permit => permit?,
        };
        let (bytes, evicted) = (Arc::default(), CancellationToken::new());
        let (number, start) = (active_uploads.next, Instant::now());
        let upload = Upload {
            uploads: self.clone(),
            number,
            bytes: Arc::clone(&bytes),
            evicted: evicted.clone(),
        };
        active_uploads.next += 1;
        active_uploads
            .by_number
            .insert(number, ActiveUpload { _permit: permit, sender, start, bytes, evicted });
        Ok(upload)
    }

    pub(super) fn len(&self) -> usize {
        self.permits.len()
    }

    fn active_uploads(&self) -> MutexGuard<'_, ActiveUploads> {
        self.active_uploads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ActiveUploads {
    /// Returns the slowest upload of the networks with the most uploads, if one may be evicted.
    fn slowest_of_busiest(&self, permits: &ConcurrencyLimit, now: Instant) -> Option<u64> {
        let candidates = self.by_number.iter().filter_map(|(number, active)| {
            let age = now.duration_since(active.start);
            let (bytes, count) =
                (active.bytes.load(Ordering::Relaxed), permits.count_around(active.sender));
            let is_too_slow = bytes < age.saturating_sub(PAUSE).as_secs() * SAFE_BYTES_PER_SECOND;
            let rate = bytes / age.as_secs().max(1);
            let evictable = age >= GRACE && (count > SAFE_COUNT || is_too_slow);
            evictable.then_some((count, Reverse(rate), *number))
        });
        candidates.max().map(|(_, _, number)| number)
    }
}

impl Upload {
    /// Sets the number of bytes received so far.
    pub(crate) fn set_received(&self, bytes: u64) {
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    /// Waits until another upload evicts this one.
    pub(crate) async fn wait_until_evicted(&self) {
        self.evicted.cancelled().await;
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.uploads.active_uploads().by_number.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> Sender {
        Sender::At(address.parse().unwrap())
    }

    async fn seconds(seconds: u64) {
        tokio::time::advance(Duration::from_secs(seconds)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn evicts_the_slowest_upload_of_the_busiest_sender() {
        let uploads = Uploads::default();
        let begin = |sender| uploads.begin(sender, 7, 6);
        let alone = begin(at("192.0.2.1")).unwrap();
        let many: Vec<_> = (0..6).map(|_| begin(at("192.0.2.2")).unwrap()).collect();
        seconds(9).await;
        assert_eq!(begin(at("192.0.2.3")).unwrap_err(), PermitError::Total);
        seconds(1).await;
        for (number, upload) in (1..).zip(&many) {
            upload.set_received(if number == 4 { 10_000 } else { 1_000_000 });
        }
        let _newcomer = begin(at("192.0.2.3")).unwrap();
        let is_evicted: Vec<_> = many.iter().map(|upload| upload.evicted.is_cancelled()).collect();
        assert_eq!(is_evicted, [false, false, false, true, false, false]);
        assert!(!alone.evicted.is_cancelled());
        assert_eq!(uploads.len(), 7);
        drop((alone, many));
        assert_eq!(uploads.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn evicts_a_very_slow_upload_before_a_slow_one() {
        let uploads = Uploads::default();
        let begin = |last| uploads.begin(at(&format!("192.0.2.{last}")), 2, 2);
        let (slow, very_slow) = (begin(1).unwrap(), begin(2).unwrap());
        for passed in 1..=60 {
            seconds(1).await;
            slow.set_received(passed * 10_000 / 2);
            very_slow.set_received(passed * 1_000);
        }
        let _newcomer = begin(3).unwrap();
        assert!(very_slow.evicted.is_cancelled() && !slow.evicted.is_cancelled());
        assert_eq!(begin(4).unwrap_err(), PermitError::Total);
    }
}
