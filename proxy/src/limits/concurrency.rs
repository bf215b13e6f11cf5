//! How many connections or uploads there may be at the same time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::sender::Sender;

/// A limit on what happens at the same time, in all and for each sender. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConcurrencyLimit(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    /// By network and its length in bits; without entries for zero.
    each: HashMap<(IpAddr, u8), usize>,
}

/// One of the permits, until it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    limit: ConcurrencyLimit,
    sender: Sender,
}

/// Why there is no permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PermitError {
    /// All permits are taken.
    Total,
    /// This sender, or a network around it, has all permits that it may have.
    Sender,
}

impl ConcurrencyLimit {
    /// Takes a permit. A sender may have `each`, a household's networks together a quarter of `all`,
    /// and a site's half of it. Unknown senders are not counted together.
    pub(crate) fn acquire(
        &self,
        sender: Sender,
        all: usize,
        each: usize,
    ) -> Result<Permit, PermitError> {
        let mut counts = self.counts();
        let share = |bits| match bits {
            56 => each.max(all / 4),
            48 => each.max(all / 2),
            _ => each,
        };
        if sender.networks().any(|network| counts.of(network) >= share(network.1)) {
            return Err(PermitError::Sender);
        }
        if counts.all >= all {
            return Err(PermitError::Total);
        }
        for network in sender.networks() {
            *counts.each.entry(network).or_default() += 1;
        }
        counts.all += 1;
        Ok(Permit { limit: self.clone(), sender })
    }

    /// The permits of the widest network around the sender; one for an unknown sender.
    pub(super) fn around(&self, sender: Sender) -> usize {
        sender.networks().last().map_or(1, |network| self.counts().of(network))
    }

    /// The number of permits that are taken.
    pub(crate) fn len(&self) -> usize {
        self.counts().all
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn of(&self, network: (IpAddr, u8)) -> usize {
        self.each.get(&network).copied().unwrap_or_default()
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.limit.counts();
        counts.all = counts.all.saturating_sub(1);
        for network in self.sender.networks() {
            match counts.each.get_mut(&network) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(counts.each.remove(&network)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> Sender {
        Sender::At(address.parse().unwrap())
    }

    #[test]
    fn nobody_takes_all_places() {
        let crowd = ConcurrencyLimit::default();
        let enter = |sender| crowd.acquire(sender, 3, 2);
        let first = enter(at("192.0.2.1")).unwrap();
        let _second = enter(at("192.0.2.1")).unwrap();
        assert_eq!(enter(at("192.0.2.1")).unwrap_err(), PermitError::Sender);
        let _other = enter(at("192.0.2.2")).unwrap();
        assert_eq!(enter(at("192.0.2.3")).unwrap_err(), PermitError::Total);
        drop(first);
        assert!(enter(at("192.0.2.1")).is_ok());
    }

    #[test]
    fn a_household_of_many_networks_takes_no_more_than_a_quarter() {
        let crowd = ConcurrencyLimit::default();
        let enter = |number: usize| crowd.acquire(at(&format!("2001:db8:0:{number:x}::")), 40, 4);
        let places: Vec<_> = (0..10).map(|number| enter(number % 7).unwrap()).collect();
        assert_eq!(enter(8).unwrap_err(), PermitError::Sender);
        // The household next door, and all of the site that both are in.
        let next: Vec<_> = (0..10).map(|number| enter(0x100 + number % 7).unwrap()).collect();
        assert_eq!(enter(0x200).unwrap_err(), PermitError::Sender);
        assert_eq!(crowd.around(at("2001:db8:0:ffff::")), 20);
        assert!(crowd.acquire(at("2001:db8:1::"), 40, 4).is_ok());
        drop((places, next));
        assert!(crowd.counts().each.is_empty());
    }

    #[test]
    fn who_has_left_is_forgotten() {
        let crowd = ConcurrencyLimit::default();
        drop(crowd.acquire(at("192.0.2.1"), 1, 1).unwrap());
        drop(crowd.acquire(Sender::Unknown, 1, 1).unwrap());
        assert_eq!(crowd.len(), 0);
        assert!(crowd.counts().each.is_empty());
    }

    #[test]
    fn unknown_senders_are_not_one() {
        let crowd = ConcurrencyLimit::default();
        let places: Vec<_> = (0..5).map(|_| crowd.acquire(Sender::Unknown, 5, 1)).collect();
        assert!(places.iter().all(Result::is_ok));
        assert_eq!(crowd.acquire(Sender::Unknown, 5, 1).unwrap_err(), PermitError::Total);
    }
}
