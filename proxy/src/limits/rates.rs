//! The rate limits of senders and forms.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::form_rate::FormRates;
use super::sender::{SHARES, Sender};
use crate::settings::config::{self, Rate};

/// After this many submissions, senders without recent submissions are forgotten. Otherwise, many
/// addresses would fill the memory.
const SWEEP: u32 = 1_000;

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, MonotonicClock, NoOpMiddleware<Instant>>;

/// Counts submissions by sender and by form.
#[derive(Debug)]
pub(super) struct Rates {
    senders: [Limiter<(IpAddr, u8)>; 3],
    forms: FormRates,
    until_sweep: AtomicU32,
}

impl Rates {
    pub(super) fn new(rates: &config::Rates) -> Self {
        Self {
            senders: SHARES.map(|share| {
                let Rate { times, within } = rates.per_address;
                limiter(Rate { times: times.saturating_mul(share), within })
            }),
            forms: FormRates::new(rates.per_form),
            until_sweep: AtomicU32::new(0),
        }
    }

    /// Counts a submission from a sender, or returns the seconds until the next one is allowed.
    pub(super) fn count_sender(&self, sender: Sender) -> Result<(), u64> {
        if self.until_sweep.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            for limiter in &self.senders {
                limiter.retain_recent();
            }
        }
        let mut networks = sender.networks().zip(&self.senders);
        networks.try_for_each(|(network, limiter)| count(limiter, &network))
    }

    /// Counts a submission to a form. When the form's rate limit is nearly reached, the heaviest
    /// senders are refused first.
    pub(super) fn count_form(&self, form: &str, sender: Sender) -> Result<(), u64> {
        self.forms.count(form, sender, Instant::now()).map_err(seconds)
    }
}

fn count<K: Clone + Eq + std::hash::Hash>(limiter: &Limiter<K>, key: &K) -> Result<(), u64> {
    limiter.check_key(key).map_err(|until| seconds(until.wait_time_from(MonotonicClock.now())))
}

fn limiter<K: Clone + Eq + std::hash::Hash>(rate: Rate) -> Limiter<K> {
    let share = rate.within / rate.times.get();
    // A period below a nanosecond is zero, which `Quota` refuses.
    let quota = Quota::with_period(share).unwrap_or(Quota::per_second(rate.times));
    RateLimiter::new(quota.allow_burst(rate.times), DashMapStateStore::default(), MonotonicClock)
}

/// Rounds up to whole seconds, so that a retry after this time succeeds.
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
    fn limits_the_rate_of_a_sender() {
        let rates = rates("3 per min", "100 per s");
        for _ in 0..3 {
            assert_eq!(rates.count_sender(at(1)), Ok(()));
        }
        let wait = rates.count_sender(at(1)).unwrap_err();
        assert!((19..=20).contains(&wait), "{wait}");
        assert_eq!(rates.count_sender(at(2)), Ok(()));
        assert!((0..9).all(|_| rates.count_sender(Sender::Unknown).is_ok()));
    }

    #[test]
    fn limits_the_rate_of_a_household_with_many_networks() {
        let rates = rates("3 per min", "100 per s");
        let household = |number: u16| {
            Sender::At(std::net::Ipv6Addr::new(0x2001, 0xdb8, 0, number, 0, 0, 0, 0).into())
        };
        let sent = (0..200).filter(|number| rates.count_sender(household(*number)).is_ok()).count();
        assert_eq!(sent, 12);
        // Another household of the same site may send, up to the limit of the site.
        let sent =
            (256..456).filter(|number| rates.count_sender(household(*number)).is_ok()).count();
        assert_eq!(sent, 12);
        assert!(rates.count_sender(household(512)).is_err());
        assert_eq!(rates.count_sender(at(1)), Ok(()));
    }

    #[test]
    fn limits_the_rate_of_a_form() {
        let rates = rates("100 per s", "2 per h");
        assert_eq!(rates.count_form("quote", at(1)), Ok(()));
        assert_eq!(rates.count_form("quote", at(2)), Ok(()));
        assert!(rates.count_form("quote", at(3)).unwrap_err() > 1_700);
        assert_eq!(rates.count_form("callback", at(3)), Ok(()));
    }

    #[test]
    fn forgets_senders_without_recent_submissions() {
        let rates = rates("20 per s", "100000 per s");
        for number in 0..SWEEP * 3 {
            let [_, a, b, c] = number.to_be_bytes();
            let _ = rates.count_sender(Sender::At([10, a, b, c].into()));
        }
        let [senders, ..] = &rates.senders;
        let filled = senders.len();
        std::thread::sleep(Duration::from_millis(300));
        for _ in 0..SWEEP {
            let _ = rates.count_sender(at(1));
        }
        assert!(filled > 2_000 && senders.len() < 5, "{filled}, {}", senders.len());
    }
}
