//! How many are at something at the same time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Sender;

/// Those who are at something now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Crowd(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    /// By network and its length in bits; nobody is here with none.
    each: HashMap<(IpAddr, u8), usize>,
}

/// A place among them, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    crowd: Crowd,
    sender: Sender,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// All places are taken.
    All,
    /// This sender, or a network around it, has all that it may have.
    Each,
}

impl Crowd {
    /// A place, if there is one. Each sender may have so many; a household's networks together a
    /// quarter of all, a site's half. Unknown senders are not counted together.
    pub(crate) fn enter(&self, sender: Sender, all: usize, each: usize) -> Result<Place, Full> {
        let mut counts = self.counts();
        let share = |bits| match bits {
            56 => each.max(all / 4),
            48 => each.max(all / 2),
            _ => each,
        };
        if sender.networks().any(|network| counts.of(network) >= share(network.1)) {
            return Err(Full::Each);
        }
        if counts.all >= all {
            return Err(Full::All);
        }
        for network in sender.networks() {
            *counts.each.entry(network).or_default() += 1;
        }
        counts.all += 1;
        Ok(Place { crowd: self.clone(), sender })
    }

    /// How many there are from the widest network around the sender; one that is unknown is alone.
    pub(super) fn around(&self, sender: Sender) -> usize {
        sender.networks().last().map_or(1, |network| self.counts().of(network))
    }

    /// How many there are.
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

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.crowd.counts();
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
        let crowd = Crowd::default();
        let enter = |sender| crowd.enter(sender, 3, 2);
        let first = enter(at("192.0.2.1")).unwrap();
        let _second = enter(at("192.0.2.1")).unwrap();
        assert_eq!(enter(at("192.0.2.1")).unwrap_err(), Full::Each);
        let _other = enter(at("192.0.2.2")).unwrap();
        assert_eq!(enter(at("192.0.2.3")).unwrap_err(), Full::All);
        drop(first);
        assert!(enter(at("192.0.2.1")).is_ok());
    }

    #[test]
    fn a_household_of_many_networks_takes_no_more_than_a_quarter() {
        let crowd = Crowd::default();
        let enter = |number: usize| crowd.enter(at(&format!("2001:db8:0:{number:x}::")), 40, 4);
        let places: Vec<_> = (0..10).map(|number| enter(number % 7).unwrap()).collect();
        assert_eq!(enter(8).unwrap_err(), Full::Each);
        // The household next door, and all of the site that both are in.
        let next: Vec<_> = (0..10).map(|number| enter(0x100 + number % 7).unwrap()).collect();
        assert_eq!(enter(0x200).unwrap_err(), Full::Each);
        assert_eq!(crowd.around(at("2001:db8:0:ffff::")), 20);
        assert!(crowd.enter(at("2001:db8:1::"), 40, 4).is_ok());
        drop((places, next));
        assert!(crowd.counts().each.is_empty());
    }

    #[test]
    fn who_has_left_is_forgotten() {
        let crowd = Crowd::default();
        drop(crowd.enter(at("192.0.2.1"), 1, 1).unwrap());
        drop(crowd.enter(Sender::Unknown, 1, 1).unwrap());
        assert_eq!(crowd.len(), 0);
        assert!(crowd.counts().each.is_empty());
    }

    #[test]
    fn unknown_senders_are_not_one() {
        let crowd = Crowd::default();
        let places: Vec<_> = (0..5).map(|_| crowd.enter(Sender::Unknown, 5, 1)).collect();
        assert!(places.iter().all(Result::is_ok));
        assert_eq!(crowd.enter(Sender::Unknown, 5, 1).unwrap_err(), Full::All);
    }
}
