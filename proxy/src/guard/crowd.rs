//! How many are at something at the same time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Sender;

/// Those who are at something now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Crowd(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    /// Nobody is here with none.
    each: HashMap<Sender, usize>,
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
    /// This sender has all that one may have.
    Each,
}

impl Crowd {
    /// A place, if there is one. Unknown senders are not counted together.
    pub(crate) fn enter(&self, sender: Sender, all: usize, each: usize) -> Result<Place, Full> {
        let mut counts = self.counts();
        if counts.all >= all {
            return Err(Full::All);
        }
        if sender != Sender::Unknown {
            let count = counts.each.get(&sender).copied().unwrap_or_default();
            if count >= each {
                return Err(Full::Each);
            }
            counts.each.insert(sender, count + 1);
        }
        counts.all += 1;
        Ok(Place { crowd: self.clone(), sender })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.counts().all
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.crowd.counts();
        counts.all = counts.all.saturating_sub(1);
        if let Some(count) = counts.each.get_mut(&self.sender) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.each.remove(&self.sender);
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
