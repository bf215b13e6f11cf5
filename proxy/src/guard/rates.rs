//! How many submissions in a time.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::Sender;
use crate::config::{self, Rate};

/// After so many submissions those who have not sent for long are forgotten: a crowd of addresses
/// shall not fill the memory.
const SWEEP: u32 = 1_000;

type Limiter<K> =
    RateLimiter<K, DashMapStateStore<K>, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

/// Submissions by sender and by form.
#[derive(Debug)]
pub(super) struct Rates {
    senders: Limiter<Sender>,
    forms: Limiter<String>,
    until_sweep: AtomicU32,
}

impl Rates {
    pub(super) fn new(rates: &config::Rates) -> Self {
        Self {
            senders: limiter(rates.per_address),
            forms: limiter(rates.per_form),
            until_sweep: AtomicU32::new(0),
        }
    }

    /// Counts one submission of a sender, or gives the seconds until there may be another.
    pub(super) fn sender(&self, sender: Sender) -> Result<(), u64> {
        if self.until_sweep.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.senders.retain_recent();
            self.forms.retain_recent();
        }
        if sender == Sender::Unknown { Ok(()) } else { count(&self.senders, &sender) }
    }

    /// The same for a form, whoever sends.
    pub(super) fn form(&self, form: &str) -> Result<(), u64> {
        count(&self.forms, &form.to_owned())
    }
}

fn count<K: Clone + Eq + std::hash::Hash>(limiter: &Limiter<K>, key: &K) -> Result<(), u64> {
    limiter.check_key(key).map_err(|until| seconds(until.wait_time_from(MonotonicClock.now())))
}

fn limiter<K: Clone + Eq + std::hash::Hash>(rate: Rate) -> Limiter<K> {
    let share = rate.within / rate.times.get();
    // No more often than a nanosecond allows.
    let quota = Quota::with_period(share).unwrap_or(Quota::per_second(rate.times));
    RateLimiter::new(quota.allow_burst(rate.times), DashMapStateStore::default(), MonotonicClock)
}

/// Whole seconds, rounded up: who waits so long is let in.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(per_address: &str, per_form: &str) -> Rates {
        let rate = |text: &str| text.to_owned().try_into().unwrap();
        Rates::new(&config::Rates { per_address: rate(per_address), per_form: rate(per_form) })
    }

    fn at(number: u8) -> Sender {
        Sender::At([192, 0, 2, number].into())
    }

    #[test]
    fn a_sender_waits_for_its_share_of_the_time() {
        let rates = rates("3 per min", "100 per s");
        for _ in 0..3 {
            assert_eq!(rates.sender(at(1)), Ok(()));
        }
        let wait = rates.sender(at(1)).unwrap_err();
        assert!((19..=20).contains(&wait), "{wait}");
        assert_eq!(rates.sender(at(2)), Ok(()));
        assert!((0..9).all(|_| rates.sender(Sender::Unknown).is_ok()));
    }

    #[test]
    fn a_form_waits_whoever_sends() {
        let rates = rates("100 per s", "2 per h");
        assert_eq!(rates.form("quote"), Ok(()));
        assert_eq!(rates.form("quote"), Ok(()));
        assert!(rates.form("quote").unwrap_err() > 1_700);
        assert_eq!(rates.form("callback"), Ok(()));
    }

    #[test]
    fn those_who_have_not_sent_for_long_are_forgotten() {
        let rates = rates("20 per s", "100000 per s");
        for number in 0..SWEEP * 3 {
            let [_, a, b, c] = number.to_be_bytes();
            let _ = rates.sender(Sender::At([10, a, b, c].into()));
        }
        let filled = rates.senders.len();
        std::thread::sleep(Duration::from_millis(300));
        for _ in 0..SWEEP {
            let _ = rates.sender(at(1));
        }
        assert!(filled > 2_000 && rates.senders.len() < 5, "{filled}, {}", rates.senders.len());
    }
}
