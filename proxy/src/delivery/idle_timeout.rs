//! A timeout for inactivity.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A timeout that starts again whenever bytes move, so that a large file on a slow connection does not time out.
#[derive(Debug, Clone)]
pub(super) struct IdleTimeout(Arc<Mutex<Instant>>);

impl IdleTimeout {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    /// Restarts the timeout, because bytes moved.
    pub(super) fn reset(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Waits until no bytes have moved for the time `limit`.
    pub(super) async fn elapsed(&self, limit: Duration) {
        loop {
            let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let end = last + limit;
            if Instant::now() >= end {
                return;
            }
            sleep_until(end).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn does_not_elapse_while_bytes_move() {
        let (timeout, start) = (IdleTimeout::new(), Instant::now());
        let other = timeout.clone();
        tokio::spawn(async move {
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_secs(2)).await;
                other.reset();
            }
        });
        timeout.elapsed(Duration::from_secs(3)).await;
        assert_eq!(start.elapsed(), Duration::from_secs(13));
    }
}
