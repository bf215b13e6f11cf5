//! Decides whether and when to retry after a temporary failure.

use std::cell::{Cell, RefCell};

use js_sys::Math;

use crate::browser::Timer;
use crate::submission::Failure;

/// The seconds before each retry.
const PAUSES: [u64; 4] = [5, 10, 20, 40];

/// The maximum number of seconds that the form waits because of `Retry-After`.
const LONGEST_RETRY_AFTER: u64 = 120;

/// The retries of one submission, and the countdown to the next.
#[derive(Default)]
pub(super) struct Retry {
    count: Cell<usize>,
    seconds_left: Cell<u64>,
    /// The timer for the next second of the countdown.
    timer: RefCell<Option<Timer>>,
    /// Whether to send the form again as soon as the browser is online, with or without a countdown.
    /// While the browser is offline, a service worker may respond instead of the proxy.
    when_online: Cell<bool>,
}

impl Retry {
    /// Returns whether the countdown is running.
    pub(super) fn is_waiting(&self) -> bool {
        self.timer.borrow().is_some()
    }

    /// Returns whether to send the form when the browser is back online.
    pub(super) fn is_due_online(&self) -> bool {
        self.is_waiting() || self.when_online.get()
    }

    /// Makes all retries available again.
    pub(super) fn reset(&self) {
        self.count.set(0);
    }

    /// Sets the countdown. Returns false if the failure is not temporary or no retries are left.
    /// `retry_after` is the server's `Retry-After` in seconds, `jitter` the result of [`jitter`].
    pub(super) fn schedule(
        &self,
        failure: &Failure,
        retry_after: Option<u64>,
        jitter: u64,
    ) -> bool {
        self.when_online.set(matches!(failure, Failure::Unreadable));
        let count = self.count.get();
        let pause = pause(count, retry_after, jitter).filter(|_| failure.is_temporary());
        if let Some(pause) = pause {
            self.count.set(count + 1);
            self.seconds_left.set(pause);
        }
        pause.is_some()
    }

    /// Returns the seconds left and counts down by one. Returns `None` if the retry is due.
    pub(super) fn next_second(&self) -> Option<u64> {
        let left = self.seconds_left.get();
        self.seconds_left.set(left.checked_sub(1)?);
        Some(left)
    }

    /// Keeps the timer for the next second.
    pub(super) fn wait(&self, timer: Option<Timer>) {
        *self.timer.borrow_mut() = timer;
    }

    /// Stops the countdown.
    pub(super) fn stop(&self) {
        self.timer.take();
        self.when_online.set(false);
    }
}

/// Returns the seconds to wait after `count` retries, or `None` if no retries are left.
fn pause(count: usize, retry_after: Option<u64>, jitter: u64) -> Option<u64> {
    let pause = PAUSES.get(count)?;
    Some(retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER).max(*pause) + jitter)
}

/// Returns a random wait of zero to two seconds, so that not all browsers retry at the same time.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number from 0 to below 3"
)]
pub(super) fn jitter() -> u64 {
    (Math::random() * 3.0) as u64
}

#[cfg(test)]
mod tests {
    use super::{Retry, pause};
    use crate::submission::Failure;

    #[test]
    fn waits_longer_before_each_retry_and_for_retry_after_up_to_two_minutes() {
        assert_eq!(
            (0..5).map(|n| pause(n, None, 0)).collect::<Vec<_>>(),
            [Some(5), Some(10), Some(20), Some(40), None]
        );
        assert_eq!(pause(0, Some(30), 2), Some(32));
        assert_eq!(pause(1, Some(3), 1), Some(11));
        assert_eq!(pause(0, Some(86_400), 0), Some(120));
        assert_eq!(pause(4, Some(1), 0), None);
    }

    /// Returns the seconds that a countdown shows.
    fn countdown(retry: &Retry) -> Vec<u64> {
        std::iter::from_fn(|| retry.next_second()).collect()
    }

    #[test]
    fn counts_down_each_second_before_a_retry() {
        let retry = Retry::default();
        assert!(retry.schedule(&Failure::Network, None, 1));
        assert_eq!(countdown(&retry), [6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn gives_up_after_four_retries_until_the_visitor_sends_again() {
        let retry = Retry::default();
        let retried = || retry.schedule(&Failure::Timeout, None, 0);
        assert_eq!([(); 5].map(|()| retried()), [true, true, true, true, false]);
        retry.reset();
        assert!(retried());
        assert_eq!(countdown(&retry), [5, 4, 3, 2, 1]);
    }

    #[test]
    fn counts_down_only_after_a_temporary_failure() {
        let retry = Retry::default();
        assert!(!retry.schedule(&Failure::Cancelled, None, 0));
        assert!(!retry.schedule(&Failure::Unreadable, None, 0));
        // A service worker may have responded, so retry when the browser is online.
        assert!(retry.is_due_online());
        retry.stop();
        assert!(!retry.is_due_online());
    }
}
