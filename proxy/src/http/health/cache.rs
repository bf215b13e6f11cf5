//! Caches the results of health checks for a second.

use std::future::Future;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::reason::Reason;
use crate::store::Counts;

/// How long a result is valid. The cache protects the journal, which has only one thread, because
/// anybody can send requests.
const LIFETIME: Duration = Duration::from_secs(1);

/// The last results of the health checks.
#[derive(Debug, Default)]
pub(crate) struct HealthCache {
    /// Why the journal and the spool cannot take submissions; `None` for each that can.
    pub(super) store_checks: Cached<[Option<Reason>; 2]>,
    /// The counts and the age of the oldest queued submission; `None` if the journal cannot be read.
    pub(super) journal: Cached<Option<(Counts, Option<Duration>)>>,
}

/// A value and the time of its lookup. Calls during a lookup wait for its result.
#[derive(Debug)]
pub(super) struct Cached<T>(Mutex<Option<(Instant, T)>>);

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Copy> Cached<T> {
    /// Returns the cached value, or the value of `look_up` if the cached value is too old.
    pub(super) async fn get(&self, look_up: impl Future<Output = T>) -> T {
        let mut last = self.0.lock().await;
        match *last {
            Some((at, known)) if at.elapsed() < LIFETIME => known,
            _ => {
                let known = look_up.await;
                *last = Some((Instant::now(), known));
                known
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn looks_up_a_value_at_most_once_a_second() {
        let cached = Cached::default();
        assert_eq!(cached.get(async { 1 }).await, 1);
        assert_eq!(cached.get(async { 2 }).await, 1);
        tokio::time::advance(LIFETIME).await;
        assert_eq!(cached.get(async { 3 }).await, 3);
    }
}
