//! Limits the number of connections or uploads at the same time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::sender::Sender;

/// A limit on the number of permits at the same time, in total and for each sender. Clones share their
/// counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConcurrencyLimit(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    /// The number of permits of each network (an address and its length in bits). Networks without
    /// permits have no entry.
    each: HashMap<(IpAddr, u8), usize>,
}

/// A permit. Dropping it frees its place.
#[derive(Debug)]
pub(crate) struct Permit {
    limit: ConcurrencyLimit,
    sender: Sender,
}

/// Why a permit was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PermitError {
    /// All permits are taken.
    Total,
    /// This sender, or a network around it, has reached its limit.
    Sender,
}

impl ConcurrencyLimit {
    /// Takes a permit. A sender may have `each` permits. All networks of a household (/56) together may have a quarter
    /// of `all`, and all networks of a site (/48) may have half of `all`, but at least `each`. Unknown senders count
    /// only towards `all`.
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

    /// Returns the number of permits in the widest network around the sender; 1 for an unknown sender.
    pub(super) fn count_around(&self, sender: Sender) -> usize {
        sender.networks().last().map_or(1, |network| self.counts().of(network))
    }

    /// Returns the number of permits that are in use.
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
    fn limits_permits_per_sender_and_in_total() {
        let limit = ConcurrencyLimit::default();
        let acquire = |sender| limit.acquire(sender, 3, 2);
        let first = acquire(at("192.0.2.1")).unwrap();
        let _second = acquire(at("192.0.2.1")).unwrap();
        assert_eq!(acquire(at("192.0.2.1")).unwrap_err(), PermitError::Sender);
        let _other = acquire(at("192.0.2.2")).unwrap();
        assert_eq!(acquire(at("192.0.2.3")).unwrap_err(), PermitError::Total);
        drop(first);
        assert!(acquire(at("192.0.2.1")).is_ok());
    }

    #[test]
    fn limits_all_networks_of_a_household_to_a_quarter() {
        let limit = ConcurrencyLimit::default();
        let acquire = |number: usize| limit.acquire(at(&format!("2001:db8:0:{number:x}::")), 40, 4);
        let permits: Vec<_> = (0..10).map(|number| acquire(number % 7).unwrap()).collect();
        assert_eq!(acquire(8).unwrap_err(), PermitError::Sender);
        // Another household of the same site gets permits, up to the limit of the site.
        let next: Vec<_> = (0..10).map(|number| acquire(0x100 + number % 7).unwrap()).collect();
        assert_eq!(acquire(0x200).unwrap_err(), PermitError::Sender);
        assert_eq!(limit.count_around(at("2001:db8:0:ffff::")), 20);
        assert!(limit.acquire(at("2001:db8:1::"), 40, 4).is_ok());
        drop((permits, next));
        assert!(limit.counts().each.is_empty());
    }

    #[test]
    fn forgets_senders_without_permits() {
        let limit = ConcurrencyLimit::default();
        drop(limit.acquire(at("192.0.2.1"), 1, 1).unwrap());
        drop(limit.acquire(Sender::Unknown, 1, 1).unwrap());
        assert_eq!(limit.len(), 0);
        assert!(limit.counts().each.is_empty());
    }

    #[test]
    fn does_not_count_unknown_senders_together() {
        let limit = ConcurrencyLimit::default();
        let permits: Vec<_> = (0..5).map(|_| limit.acquire(Sender::Unknown, 5, 1)).collect();
        assert!(permits.iter().all(Result::is_ok));
        assert_eq!(limit.acquire(Sender::Unknown, 5, 1).unwrap_err(), PermitError::Total);
    }
}
