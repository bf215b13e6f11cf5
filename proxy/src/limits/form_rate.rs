//! A form's rate limit, and which senders are refused first when the budget is nearly used up.
//!
//! A form has a budget that refills continuously. While at least half of it is left, all senders may
//! send. Below that, a sender may send only if its networks have sent little recently. The allowed number
//! shrinks with the budget. The heaviest senders are refused first, and the last part of the budget is
//! left for senders that have not sent anything. So a few networks that flood a form leave half of its
//! budget to others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::sender::{SHARES, Sender};
use crate::settings::config::Rate;

/// The fair number of recent submissions from one sender if the budget is full. It shrinks with the
/// budget: with half of the budget left, it is half as high.
const FAIR_COUNT: u64 = 16;

/// The budgets of all forms.
#[derive(Debug)]
pub(super) struct FormRates {
    rate: Rate,
    forms: Mutex<HashMap<String, Form>>,
}

#[derive(Debug)]
struct Form {
    /// When the budget will be full again.
    full_at: Instant,
    /// The submissions in the current and in the previous period.
    recent: [Period; 2],
}

/// The number of submissions of each network in one period.
#[derive(Debug)]
struct Period {
    since: Instant,
    by_network: HashMap<(IpAddr, u8), u64>,
}

impl FormRates {
    pub(super) fn new(rate: Rate) -> Self {
        Self { rate, forms: Mutex::default() }
    }

    /// Counts a submission, or returns the time until the next one is allowed.
    pub(super) fn count(&self, form: &str, sender: Sender, now: Instant) -> Result<(), Duration> {
        let mut forms = self.forms();
        if let Some(form) = forms.get_mut(form) {
            return form.count(self.rate, sender, now);
        }
        let mut new = Form { full_at: now, recent: [Period::new(now), Period::new(now)] };
        let counted = new.count(self.rate, sender, now);
        forms.insert(form.to_owned(), new);
        counted
    }

    fn forms(&self) -> MutexGuard<'_, HashMap<String, Form>> {
        self.forms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Form {
    fn count(&mut self, rate: Rate, sender: Sender, now: Instant) -> Result<(), Duration> {
        self.advance(rate.within, now);
        let share = rate.within / rate.times.get();
        let used = self.full_at.saturating_duration_since(now);
        let left = rate.within.saturating_sub(used);
        if left < share {
            return Err(share.saturating_sub(left));
        }
        let half = rate.within / 2;
        if left < half && self.exceeds_fair_share(rate, sender, left, now) {
            return Err(used.saturating_sub(half));
        }
        self.full_at = self.full_at.max(now) + share;
        let [current, _] = &mut self.recent;
        for network in sender.networks() {
            *current.by_network.entry(network).or_default() += 1;
        }
        Ok(())
    }

    /// Returns whether one of the sender's networks has sent more than its share of the remaining
    /// budget.
    fn exceeds_fair_share(&self, rate: Rate, sender: Sender, left: Duration, now: Instant) -> bool {
        let share = rate.within.as_nanos() / u128::from(rate.times.get());
        let left = left.as_nanos() / share.max(1);
        sender.networks().zip(SHARES).any(|(network, shares)| {
            let sent = u128::from(self.sent(network, rate.within, now));
            let fair = left * u128::from(FAIR_COUNT) * u128::from(shares.get());
            sent * u128::from(rate.times.get()) > fair
        })
    }

    /// Estimates how many submissions a network has sent in the time `within` until now: those in the
    /// current period, and a share of those in the previous period.
    fn sent(&self, network: (IpAddr, u8), within: Duration, now: Instant) -> u64 {
        let [current, previous] = &self.recent;
        let sent = |sent: &Period| sent.by_network.get(&network).copied().unwrap_or_default();
        let left = within.saturating_sub(now.saturating_duration_since(current.since));
        let part = u128::from(sent(previous)) * left.as_nanos() / within.as_nanos().max(1);
        sent(current).saturating_add(u64::try_from(part).unwrap_or(u64::MAX))
    }

    /// Begins a new period if the current one is over.
    fn advance(&mut self, within: Duration, now: Instant) {
        let [current, _] = &self.recent;
        let age = now.saturating_duration_since(current.since);
        if age >= within.saturating_mul(2) {
            self.recent = [Period::new(now), Period::new(now)];
        } else if age >= within {
            let next = Period::new(current.since + within);
            let [current, previous] = &mut self.recent;
            *previous = std::mem::replace(current, next);
        }
    }
}

impl Period {
    fn new(since: Instant) -> Self {
        Self { since, by_network: HashMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn rates(rate: &str) -> FormRates {
        FormRates::new(rate.to_owned().try_into().unwrap())
    }

    /// Returns a visitor with a separate address.
    fn visitor(number: u32) -> Sender {
        let [a, b, c, d] = number.to_be_bytes();
        Sender::At([10 + a, b, c, d].into())
    }

    /// Returns a sender in one network of a site (/48).
    fn of_site(site: u16, network: u16) -> Sender {
        Sender::At(Ipv6Addr::new(0x2001, 0xdb8, site, network, 0, 0, 0, 0).into())
    }

    #[test]
    fn limits_the_rate_of_a_form_for_all_senders_together() {
        let (rates, now) = (rates("2 per h"), Instant::now());
        assert_eq!(rates.count("quote", Sender::Unknown, now), Ok(()));
        assert_eq!(rates.count("quote", Sender::Unknown, now), Ok(()));
        let half_an_hour = Duration::from_secs(1_800);
        assert_eq!(rates.count("quote", Sender::Unknown, now), Err(half_an_hour));
        assert_eq!(rates.count("callback", Sender::Unknown, now), Ok(()));
        assert_eq!(rates.count("quote", visitor(1), now + half_an_hour), Ok(()));
    }

    /// Three sites send as much as they can for ten minutes from thousands of networks. Meanwhile, 3,000
    /// visitors with different addresses send once each.
    #[test]
    fn networks_that_flood_a_form_do_not_block_visitors() {
        let (rates, start) = (rates("600 per min"), Instant::now());
        let (mut flood, mut visitors) = (0, 0);
        for step in 0..30_000_u32 {
            // A step is 20 ms: each second, every site sends 50 submissions, and 5 visitors send one each.
            let now = start + Duration::from_millis(20) * step;
            for site in 0..3 {
                let network = u16::try_from(step % 9_973).unwrap();
                flood += u32::from(rates.count("quote", of_site(site, network), now).is_ok());
            }
            if step % 10 == 0 {
                let counted = rates.count("quote", visitor(step), now);
                assert_eq!(
                    counted,
                    Ok(()),
                    "visitor of step {step}, after {flood} submissions of the sites"
                );
                visitors += 1;
            }
        }
        assert_eq!(visitors, 3_000);
        // The sites may use the rest of the budget.
        assert!(flood > 600, "{flood}");
    }

    /// A thousand addresses send repeatedly. Visitors send once each.
    #[test]
    fn first_refuses_the_heaviest_of_thousands_of_addresses() {
        let (rates, start) = (rates("600 per min"), Instant::now());
        let mut refused_visitors = 0;
        let mut flood = [0_u32; 2];
        for step in 0..15_000_u32 {
            let now = start + Duration::from_millis(40) * step;
            // Forty addresses that send often, and a thousand that send sometimes.
            let (frequent, rare) = (visitor(step % 40), visitor(1_000_000 + step / 10 % 1_000));
            flood[0] += u32::from(rates.count("quote", frequent, now).is_ok());
            if step % 10 == 0 {
                flood[1] += u32::from(rates.count("quote", rare, now).is_ok());
            }
            if step % 10 == 5 {
                let counted = rates.count("quote", visitor(2_000_000 + step), now);
                refused_visitors += u32::from(counted.is_err());
            }
        }
        assert_eq!(refused_visitors, 0);
        // Each submission of the rare senders was accepted; the frequent ones got the rest.
        assert_eq!(flood[1], 1_500);
        assert!((1_000..4_000).contains(&flood[0]), "{flood:?}");
    }

    #[test]
    fn a_heavy_sender_may_send_again_after_the_announced_time() {
        let (rates, now) = (rates("60 per min"), Instant::now());
        let wait = loop {
            if let Err(wait) = rates.count("quote", visitor(1), now) {
                break wait;
            }
        };
        assert!(wait > Duration::ZERO && wait <= MINUTE, "{wait:?}");
        assert_eq!(rates.count("quote", visitor(2), now), Ok(()));
        assert_eq!(rates.count("quote", visitor(1), now + wait + Duration::from_secs(2)), Ok(()));
    }

    #[test]
    fn forgets_addresses_after_two_periods() {
        let (rates, now) = (rates("600 per min"), Instant::now());
        for number in 0..500 {
            assert_eq!(rates.count("quote", visitor(number), now), Ok(()));
        }
        assert_eq!(rates.count("quote", visitor(1), now + MINUTE * 2), Ok(()));
        let forms = rates.forms();
        let known: usize = forms["quote"].recent.iter().map(|sent| sent.by_network.len()).sum();
        assert_eq!(known, 1);
    }
}
