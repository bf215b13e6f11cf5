//! Health facts are looked up at most once a second, however often they are asked for.

use std::future::Future;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::store::Counts;

/// How long a fact is used. The journal has one thread, and strangers may ask.
const LIFETIME: Duration = Duration::from_secs(1);

/// The facts that were looked up last.
#[derive(Debug, Default)]
pub(crate) struct HealthCache {
    /// Whether the spool takes files, and whether the journal answers.
    pub(super) able: Cached<(bool, bool)>,
    /// None if the journal does not answer.
    pub(super) counts: Cached<Option<Counts>>,
}

/// A fact and when it was looked up. Callers that ask during a lookup wait for it.
#[derive(Debug)]
pub(super) struct Cached<T>(Mutex<Option<(Instant, T)>>);

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Copy> Cached<T> {
    /// The cached fact, or that of `look_up` if it is too old.
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
    async fn looks_up_a_fact_at_most_once_a_second() {
        let cached = Cached::default();
        assert_eq!(cached.get(async { 1 }).await, 1);
        assert_eq!(cached.get(async { 2 }).await, 1);
        tokio::time::advance(LIFETIME).await;
        assert_eq!(cached.get(async { 3 }).await, 3);
    }
}
