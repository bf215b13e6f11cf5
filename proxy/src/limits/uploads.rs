//! Submissions that are being read: counted by sender, and when all places are taken, made to give
//! way.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::concurrency::{ConcurrencyLimit, Permit, PermitError};
use super::sender::Sender;

/// So long nobody gives way: most submissions are whole by then.
const GRACE: Duration = Duration::from_secs(10);

/// Whoever has more places than these may lose some to somebody who has none. A person sends one
/// form at a time.
const FEW: usize = 4;

/// So many bytes a second, but for a pause, keep a sender of few submissions its place whatever
/// happens.
const KEEPS: u64 = 2_000;
const PAUSE: Duration = Duration::from_secs(20);

/// All of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Uploads {
    permits: ConcurrencyLimit,
    under_way: Arc<Mutex<UnderWay>>,
}

#[derive(Debug, Default)]
struct UnderWay {
    next: u64,
    /// Holds the permits: removing an upload frees its permit.
    by_number: HashMap<u64, Reading>,
}

/// One of them, as all others see it.
#[derive(Debug)]
struct Reading {
    _permit: Permit,
    sender: Sender,
    begun: Instant,
    bytes: Arc<AtomicU64>,
    ended: CancellationToken,
}

/// One of them, over when dropped.
#[derive(Debug)]
pub(crate) struct Upload {
    uploads: Uploads,
    number: u64,
    bytes: Arc<AtomicU64>,
    ended: CancellationToken,
}

impl Uploads {
    /// A place: a free one, or that of whoever has more than others or hardly moves.
    pub(super) fn enter(
        &self,
        sender: Sender,
        all: usize,
        each: usize,
    ) -> Result<Upload, PermitError> {
        let mut under_way = self.under_way();
        let permit = match self.permits.acquire(sender, all, each) {
            Err(PermitError::Total) => {
                let gives_way = under_way.gives_way(&self.permits, Instant::now());
                let reading = gives_way.and_then(|number| under_way.by_number.remove(&number));
                reading.ok_or(PermitError::Total)?.ended.cancel();
                self.permits.acquire(sender, all, each)?
            }
            permit => permit?,
        };
        let (bytes, ended) = (Arc::default(), CancellationToken::new());
        let (number, begun) = (under_way.next, Instant::now());
        let upload = Upload {
            uploads: self.clone(),
            number,
            bytes: Arc::clone(&bytes),
            ended: ended.clone(),
        };
        under_way.next += 1;
        under_way
            .by_number
            .insert(number, Reading { _permit: permit, sender, begun, bytes, ended });
        Ok(upload)
    }

    pub(super) fn len(&self) -> usize {
        self.permits.len()
    }

    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UnderWay {
    /// Of the networks that send most, the slowest submission.
    fn gives_way(&self, permits: &ConcurrencyLimit, now: Instant) -> Option<u64> {
        let rivals = self.by_number.iter().filter_map(|(number, reading)| {
            let age = now.duration_since(reading.begun);
            let (bytes, others) =
                (reading.bytes.load(Ordering::Relaxed), permits.around(reading.sender));
            let crawls = bytes < age.saturating_sub(PAUSE).as_secs() * KEEPS;
            let rate = bytes / age.as_secs().max(1);
            let may = age >= GRACE && (others > FEW || crawls);
            may.then_some((others, Reverse(rate), *number))
        });
        rivals.max().map(|(_, _, number)| number)
    }
}

impl Upload {
    /// So many bytes of it came so far.
    pub(crate) fn received(&self, bytes: u64) {
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    /// Waits until it has to give way.
    pub(crate) async fn gives_way(&self) {
        self.ended.cancelled().await;
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.uploads.under_way().by_number.remove(&self.number);
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
    async fn who_has_most_and_is_slowest_gives_way() {
        let uploads = Uploads::default();
        let enter = |sender| uploads.enter(sender, 7, 6);
        let alone = enter(at("192.0.2.1")).unwrap();
        let many: Vec<_> = (0..6).map(|_| enter(at("192.0.2.2")).unwrap()).collect();
        seconds(9).await;
        assert_eq!(enter(at("192.0.2.3")).unwrap_err(), PermitError::Total);
        seconds(1).await;
        for (number, upload) in (1..).zip(&many) {
            upload.received(if number == 4 { 10_000 } else { 1_000_000 });
        }
        let _newcomer = enter(at("192.0.2.3")).unwrap();
        let gone: Vec<_> = many.iter().map(|upload| upload.ended.is_cancelled()).collect();
        assert_eq!(gone, [false, false, false, true, false, false]);
        assert!(!alone.ended.is_cancelled());
        assert_eq!(uploads.len(), 7);
        drop((alone, many));
        assert_eq!(uploads.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_phone_keeps_its_place_and_one_that_crawls_does_not() {
        let uploads = Uploads::default();
        let enter = |last| uploads.enter(at(&format!("192.0.2.{last}")), 2, 2);
        let (phone, crawler) = (enter(1).unwrap(), enter(2).unwrap());
        for passed in 1..=60 {
            seconds(1).await;
            phone.received(passed * 10_000 / 2);
            crawler.received(passed * 1_000);
        }
        let _newcomer = enter(3).unwrap();
        assert!(crawler.ended.is_cancelled() && !phone.ended.is_cancelled());
        assert_eq!(enter(4).unwrap_err(), PermitError::Total);
    }
}
