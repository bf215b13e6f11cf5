//! What is looked up at most once a second, however often it is asked for.

use std::future::Future;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// So long it counts. The journal has one thread, and strangers may ask.
const FRESH: Duration = Duration::from_secs(1);

/// The last answer. Whoever asks while it is looked up waits for it.
#[derive(Debug)]
pub(super) struct Looked<T>(Mutex<Option<(Instant, T)>>);

impl<T> Default for Looked<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Copy> Looked<T> {
    pub(super) async fn up(&self, look: impl Future<Output = T>) -> T {
        let mut last = self.0.lock().await;
        match *last {
            Some((at, known)) if at.elapsed() < FRESH => known,
            _ => {
                let known = look.await;
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
    async fn who_asks_often_gets_what_is_known() {
        let looked = Looked::default();
        assert_eq!(looked.up(async { 1 }).await, 1);
        assert_eq!(looked.up(async { 2 }).await, 1);
        tokio::time::advance(FRESH).await;
        assert_eq!(looked.up(async { 3 }).await, 3);
    }
}
