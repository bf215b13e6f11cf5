use std::thread::sleep;
use std::time::{Duration, Instant};

/// Longer than anything here takes on a slow machine that is busy: the longest are 100 MB on their
/// way.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// Looks again and again until there is something to see. `what` ends the sentence "there is no …".
#[track_caller]
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begun.elapsed() < PATIENCE, "after {PATIENCE:?} there is no {what}");
        sleep(Duration::from_millis(20));
    }
}
