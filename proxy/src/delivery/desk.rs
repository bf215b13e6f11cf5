//! What is delivered next: the part of the queue that only decides. It asks no clock and does
//! nothing itself.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::Instant;

use crate::intake::spool::FolderName;
use crate::journal::Ticket;

/// What waits and what is under way.
#[derive(Debug)]
pub(super) struct Desk {
    at_once: usize,
    waiting: HashMap<Ticket, Waiting>,
    order: BTreeSet<(Turn, Instant, Ticket)>,
    busy: HashMap<Reference, Busy>,
    /// Until when the CRM asked not to be asked, also for a content that replaces another.
    held: HashMap<Reference, Instant>,
    pause: Option<Pause>,
    /// Counts what was ever put here.
    added: u64,
}

/// Whose turn comes first among those that are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// A visitor waits for the answer.
    Visitor,
    /// Nobody waits.
    Again,
}

/// One who waits here.
#[derive(Debug)]
struct Waiting {
    reference: Reference,
    turn: Turn,
    due: Instant,
    added: u64,
}

/// An attempt that is under way.
#[derive(Debug)]
struct Busy {
    ticket: Ticket,
    /// Files of contents that were replaced meanwhile: the attempt may still be reading them.
    doomed: Vec<FolderName>,
}

/// Address or key are wrong: nothing is sent but a probe now and then.
#[derive(Debug, Clone, Copy)]
struct Pause {
    until: Instant,
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Deliver this one.
    Start(Ticket, Reference),
    /// Nothing before then; without a time, nothing before an attempt ends or something new comes.
    Wait(Option<Instant>),
}

impl Desk {
    pub(super) fn new(at_once: usize) -> Self {
        Self {
            at_once: at_once.max(1),
            waiting: HashMap::new(),
            order: BTreeSet::new(),
            busy: HashMap::new(),
            held: HashMap::new(),
            pause: None,
            added: 0,
        }
    }

    /// Something waits from now on, or is due at another time than before.
    pub(super) fn add(&mut self, ticket: Ticket, reference: Reference, turn: Turn, due: Instant) {
        self.withdraw(ticket);
        self.added += 1;
        self.order.insert((turn, due, ticket));
        self.waiting.insert(ticket, Waiting { reference, turn, due, added: self.added });
    }

    /// How much was ever put here: a mark in time.
    pub(super) fn mark(&self) -> u64 {
        self.added
    }

    /// Takes over when something is due from the journal as it was read after the mark was taken.
    /// What was put here since, or is under way, is known better here. An operator may ask the CRM
    /// before the time that it named: `asked` says whether that still counts.
    pub(super) fn review(
        &mut self,
        ticket: Ticket,
        reference: Reference,
        due: Instant,
        asked: bool,
        mark: u64,
    ) {
        let newer = self.waiting.get(&ticket).is_some_and(|waiting| waiting.added > mark);
        if !newer && !self.is_under_way(ticket, &reference) {
            if !asked {
                self.held.remove(&reference);
            }
            self.add(ticket, reference, Turn::Again, due);
        }
    }

    /// Something waits no longer.
    pub(super) fn withdraw(&mut self, ticket: Ticket) {
        if let Some(known) = self.waiting.remove(&ticket) {
            self.order.remove(&(known.turn, known.due, ticket));
        }
    }

    /// What to do now.
    pub(super) fn next(&mut self, now: Instant) -> Step {
        if self.busy.len() >= self.at_once {
            return Step::Wait(None);
        }
        if let Some(pause) = self.pause {
            // One at a time finds out whether somebody has mended it.
            if !self.busy.is_empty() {
                return Step::Wait(None);
            }
            if now < pause.until {
                return Step::Wait(Some(pause.until));
            }
        }
        let mut soonest: Option<Instant> = None;
        for (_, due, ticket) in &self.order {
            // One after the other under each reference.
            let free = |waiting: &&Waiting| !self.busy.contains_key(&waiting.reference);
            let Some(waiting) = self.waiting.get(ticket).filter(free) else { continue };
            let ready = self.ready(waiting);
            if ready <= now {
                let (ticket, reference) = (*ticket, waiting.reference.clone());
                self.withdraw(ticket);
                self.held.remove(&reference);
                self.busy.insert(reference.clone(), Busy { ticket, doomed: Vec::new() });
                return Step::Start(ticket, reference);
            }
            if soonest.is_none_or(|soonest| ready < soonest) {
                soonest = Some(ready);
            }
            if waiting.turn == Turn::Again && *due > now {
                // The rest is due later still.
                break;
            }
        }
        Step::Wait(soonest)
    }

    /// When it is due and the CRM may be asked.
    fn ready(&self, waiting: &Waiting) -> Instant {
        self.held.get(&waiting.reference).map_or(waiting.due, |held| waiting.due.max(*held))
    }

    /// The CRM asks not to be asked before then.
    pub(super) fn hold(&mut self, reference: &Reference, until: Instant) {
        self.held.insert(reference.clone(), until);
    }

    /// The attempt has ended; gives the files that were kept for it.
    pub(super) fn finish(&mut self, reference: &Reference) -> Vec<FolderName> {
        self.busy.remove(reference).map(|busy| busy.doomed).unwrap_or_default()
    }

    /// Files of a content that was replaced: to be removed now, unless an attempt may be reading
    /// them.
    pub(super) fn doom(&mut self, reference: &Reference, folder: FolderName) -> Option<FolderName> {
        match self.busy.get_mut(reference) {
            Some(busy) => {
                busy.doomed.push(folder);
                None
            }
            None => Some(folder),
        }
    }

    /// Whether this content is being delivered.
    fn is_under_way(&self, ticket: Ticket, reference: &Reference) -> bool {
        self.busy.get(reference).is_some_and(|busy| busy.ticket == ticket)
    }

    /// Whether this content waits here or is being delivered.
    pub(super) fn knows(&self, ticket: Ticket, reference: &Reference) -> bool {
        self.waiting.contains_key(&ticket) || self.is_under_way(ticket, reference)
    }

    /// How long it is until this content is tried; none when it does not wait here.
    pub(super) fn wait_of(&self, ticket: Ticket, now: Instant) -> Option<Duration> {
        let due = self.ready(self.waiting.get(&ticket)?);
        let due = self.pause.map_or(due, |pause| due.max(pause.until));
        Some(due.saturating_duration_since(now))
    }

    /// Holds everything back. True when it was not held back before.
    pub(super) fn pause(&mut self, until: Instant) -> bool {
        self.pause.replace(Pause { until }).is_none()
    }

    /// Lets everything go on. True when it was held back.
    pub(super) fn go_on(&mut self) -> bool {
        self.pause.take().is_some()
    }

    pub(super) fn is_paused(&self) -> bool {
        self.pause.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(byte: u8) -> Reference {
        Reference::from_random([byte; 16])
    }

    fn start(number: i64, byte: u8) -> Step {
        Step::Start(Ticket(number), reference(byte))
    }

    #[test]
    fn visitors_come_first_and_the_rest_by_time() {
        let (mut desk, now) = (Desk::new(9), Instant::now());
        let second = Duration::from_secs(1);
        desk.add(Ticket(1), reference(1), Turn::Again, now);
        desk.add(Ticket(2), reference(2), Turn::Again, now - second);
        desk.add(Ticket(3), reference(3), Turn::Again, now + second);
        desk.add(Ticket(4), reference(4), Turn::Visitor, now);
        assert_eq!(desk.next(now), start(4, 4));
        assert_eq!(desk.next(now), start(2, 2));
        assert_eq!(desk.next(now), start(1, 1));
        assert_eq!(desk.next(now), Step::Wait(Some(now + second)));
        assert_eq!(desk.next(now + second), start(3, 3));
        assert_eq!(desk.next(now + second), Step::Wait(None));
    }

    #[test]
    fn under_a_reference_one_follows_the_other_and_no_more_than_so_many_go_at_once() {
        let (mut desk, now) = (Desk::new(2), Instant::now());
        desk.add(Ticket(1), reference(1), Turn::Visitor, now);
        assert_eq!(desk.next(now), start(1, 1));
        desk.add(Ticket(2), reference(1), Turn::Visitor, now);
        assert_eq!(desk.next(now), Step::Wait(None));
        desk.add(Ticket(3), reference(3), Turn::Again, now);
        desk.add(Ticket(4), reference(4), Turn::Again, now);
        assert_eq!(desk.next(now), start(3, 3));
        assert_eq!(desk.next(now), Step::Wait(None));
        let folder = FolderName::known("a".to_owned());
        assert_eq!(desk.doom(&reference(1), folder.clone()), None);
        let doomed = desk.finish(&reference(1));
        assert_eq!(doomed.first(), Some(&folder));
        assert_eq!(desk.doom(&reference(1), folder.clone()), Some(folder));
        assert_eq!(desk.next(now), start(2, 1));
    }

    #[test]
    fn what_replaces_another_waits_as_long_as_the_crm_asked_the_other_to() {
        let (mut desk, now) = (Desk::new(9), Instant::now());
        let later = now + Duration::from_secs(60);
        desk.add(Ticket(1), reference(1), Turn::Visitor, now);
        assert_eq!(desk.next(now), start(1, 1));
        desk.hold(&reference(1), later);
        desk.finish(&reference(1));
        desk.add(Ticket(2), reference(1), Turn::Visitor, now);
        desk.add(Ticket(3), reference(3), Turn::Again, now);
        assert_eq!(desk.wait_of(Ticket(2), now), Some(Duration::from_secs(60)));
        assert_eq!(desk.next(now), start(3, 3));
        assert_eq!(desk.next(now), Step::Wait(Some(later)));
        assert_eq!(desk.next(later), start(2, 1));
    }

    #[test]
    fn an_older_reading_of_the_journal_changes_nothing_that_is_known_better() {
        let (mut desk, now) = (Desk::new(9), Instant::now());
        let later = now + Duration::from_secs(60);
        desk.add(Ticket(1), reference(1), Turn::Again, now);
        assert_eq!(desk.next(now), start(1, 1));
        let mark = desk.mark();
        desk.review(Ticket(1), reference(1), now, false, mark);
        desk.finish(&reference(1));
        desk.add(Ticket(1), reference(1), Turn::Again, later);
        desk.review(Ticket(1), reference(1), now, false, mark);
        assert_eq!(desk.next(now), Step::Wait(Some(later)));
        // Read again, it counts: an operator has made it due.
        let mark = desk.mark();
        desk.review(Ticket(1), reference(1), now, false, mark);
        assert_eq!(desk.next(now), start(1, 1));
    }

    #[test]
    fn while_paused_one_probe_goes_now_and_then() {
        let (mut desk, now) = (Desk::new(9), Instant::now());
        let later = now + Duration::from_secs(60);
        for number in 1..=2 {
            desk.add(Ticket(number.into()), reference(number), Turn::Visitor, now);
        }
        assert!(desk.pause(later) && !desk.pause(later));
        assert_eq!(desk.wait_of(Ticket(1), now), Some(Duration::from_secs(60)));
        assert_eq!(desk.next(now), Step::Wait(Some(later)));
        assert_eq!(desk.next(later), start(1, 1));
        assert_eq!(desk.next(later), Step::Wait(None));
        desk.finish(&reference(1));
        assert!(desk.go_on() && !desk.go_on());
        assert_eq!(desk.next(now), start(2, 2));
    }
}
