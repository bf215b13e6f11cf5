use std::thread::sleep;
use std::time::{Duration, Instant};

/// The timeout for each step of a journey. Even the slowest step, an upload of 100 MB, takes less time
/// on a slow, busy machine.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(180);

/// Calls `look` until it returns a value. After three minutes, panics with a message that ends with
/// "waiting for {what}".
#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < TIMEOUT, "timed out after {TIMEOUT:?} waiting for {what}");
        sleep(Duration::from_millis(20));
    }
}

/// Like [`wait_for`], but waits until `is_there` returns true.
#[track_caller]
pub fn wait_until(what: &str, mut is_there: impl FnMut() -> bool) {
    wait_for(what, || is_there().then_some(()));
}
