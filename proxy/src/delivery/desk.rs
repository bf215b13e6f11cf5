//! What is delivered next: the part of the queue that only decides. It asks no clock and does
//! nothing itself.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::Instant;

use super::doubt::{Blame, Doubt};
use crate::store::journal::Ticket;
use crate::store::spool::FolderName;

/// After so many visitors in a row it is the turn of one that is tried again: else those would wait
/// for as long as visitors come faster than the CRM takes deals.
const VISITORS_IN_A_ROW: usize = 3;

/// What waits and what is under way.
#[derive(Debug)]
pub(super) struct Desk {
    at_once: usize,
    waiting: HashMap<Ticket, Waiting>,
    visitors: BTreeSet<(Instant, Ticket)>,
    again: BTreeSet<(Instant, Ticket)>,
    busy: HashMap<Reference, Busy>,
    /// Until when the CRM asked not to be asked, also for a content that replaces another.
    held: HashMap<Reference, Instant>,
    doubt: Doubt,
    visitors_in_a_row: usize,
    /// Nothing is tried again any more.
    closing: bool,
    /// Counts what was ever put here.
    added: u64,
}

/// One submission to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) ticket: Ticket,
    pub(super) reference: Reference,
    /// Whether it has files, which may take long.
    pub(super) files: bool,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// A first attempt: a visitor waits for the answer.
    Visitor,
    /// Nobody waits.
    Again,
}

/// One who waits here.
#[derive(Debug)]
struct Waiting {
    job: Job,
    turn: Turn,
    due: Instant,
    added: u64,
}

/// An attempt that is under way.
#[derive(Debug)]
struct Busy {
    ticket: Ticket,
    files: bool,
    /// Files of contents that were replaced meanwhile: the attempt may still be reading them.
    doomed: Vec<FolderName>,
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Deliver this one.
    Start(Job),
    /// Nothing before then; without a time, nothing before an attempt ends or something new comes.
    Wait(Option<Instant>),
}

/// What a look at those who wait has found.
#[derive(Debug, Default)]
struct Look {
    /// One that could find out whether address and key are right now, and whether it is a suspect.
    probe: Option<(bool, Ticket)>,
    /// When the next one can.
    soonest: Option<Instant>,
}

impl Desk {
    /// `probe` is how often a deal is tried while address or key seem wrong.
    pub(super) fn new(at_once: usize, probe: Duration) -> Self {
        Self {
            at_once: at_once.max(1),
            waiting: HashMap::new(),
            visitors: BTreeSet::new(),
            again: BTreeSet::new(),
            busy: HashMap::new(),
            held: HashMap::new(),
            doubt: Doubt::new(probe),
            visitors_in_a_row: 0,
            closing: false,
            added: 0,
        }
    }

    /// From now on, first attempts alone.
    pub(super) fn begin_no_retries(&mut self) {
        self.closing = true;
    }

    /// Something waits from now on, or is due at another time than before.
    pub(super) fn add(&mut self, job: Job, turn: Turn, due: Instant) {
        let ticket = job.ticket;
        self.withdraw(ticket);
        self.added += 1;
        self.line(turn).insert((due, ticket));
        self.waiting.insert(ticket, Waiting { job, turn, due, added: self.added });
    }

    fn line(&mut self, turn: Turn) -> &mut BTreeSet<(Instant, Ticket)> {
        match turn {
            Turn::Visitor => &mut self.visitors,
            Turn::Again => &mut self.again,
        }
    }

    /// How much was ever put here: a mark in time.
    pub(super) fn mark(&self) -> u64 {
        self.added
    }

    /// Takes over when something is due from the journal as it was read after the mark was taken.
    /// What was put here since, or is under way, is known better here. An operator may ask the CRM
    /// before the time that it named: `asked` says whether that still counts.
    pub(super) fn review(&mut self, job: Job, due: Instant, asked: bool, mark: u64) {
        let newer = self.waiting.get(&job.ticket).is_some_and(|waiting| waiting.added > mark);
        if !newer && !self.is_under_way(job.ticket, &job.reference) {
            if !asked {
                self.held.remove(&job.reference);
            }
            self.add(job, Turn::Again, due);
        }
    }

    /// Something waits no longer.
    pub(super) fn withdraw(&mut self, ticket: Ticket) -> Option<Job> {
        let known = self.waiting.remove(&ticket)?;
        self.line(known.turn).remove(&(known.due, ticket));
        Some(known.job)
    }

    /// What to do now.
    pub(super) fn next(&mut self, now: Instant) -> Step {
        if self.busy.len() >= self.at_once {
            return Step::Wait(None);
        }
        let turns = if self.visitors_in_a_row < VISITORS_IN_A_ROW {
            [Turn::Visitor, Turn::Again]
        } else {
            [Turn::Again, Turn::Visitor]
        };
        let mut look = Look::default();
        let ready =
            turns.into_iter().find_map(|turn| Some((turn, self.look(turn, now, &mut look)?)));
        let probe = look.probe.map(|(_, ticket)| (Turn::Again, ticket));
        if ready.is_none() && probe.is_some() {
            self.doubt.probe(now);
        }
        let begun = ready.or(probe).and_then(|(turn, ticket)| self.begin(turn, ticket));
        begun.map_or(Step::Wait(look.soonest), Step::Start)
    }

    /// The first in line that can begin.
    fn look(&self, turn: Turn, now: Instant, look: &mut Look) -> Option<Ticket> {
        // Files take long: one place is left to those who have none.
        let files = self.busy.values().filter(|busy| busy.files).count();
        let full = self.at_once > 1 && files + 1 >= self.at_once;
        let line = match turn {
            Turn::Visitor => &self.visitors,
            Turn::Again => &self.again,
        };
        if self.closing && turn == Turn::Again {
            return None;
        }
        for (due, ticket) in line {
            if turn == Turn::Again && *due > now {
                look.wait(*due);
                // The rest is due later still.
                return None;
            }
            let Some(waiting) = self.waiting.get(ticket) else { continue };
            let job = &waiting.job;
            // One after the other under each reference.
            if self.busy.contains_key(&job.reference) || full && job.files {
                continue;
            }
            let ready = self.ready(waiting);
            if ready > now {
                look.wait(ready);
            } else if self.doubted(waiting).is_none() {
                return Some(*ticket);
            } else {
                look.offer(self.doubt.suspects(&job.reference), *ticket);
            }
        }
        None
    }

    fn begin(&mut self, turn: Turn, ticket: Ticket) -> Option<Job> {
        let job = self.withdraw(ticket)?;
        self.visitors_in_a_row = match turn {
            Turn::Visitor => self.visitors_in_a_row + 1,
            Turn::Again => 0,
        };
        self.held.remove(&job.reference);
        let busy = Busy { ticket, files: job.files, doomed: Vec::new() };
        self.busy.insert(job.reference.clone(), busy);
        Some(job)
    }

    /// When it is due, the CRM may be asked, and nothing else holds it back.
    fn ready(&self, waiting: &Waiting) -> Instant {
        let held = self.held.get(&waiting.job.reference).copied();
        [held, self.doubted(waiting)].into_iter().flatten().fold(waiting.due, Instant::max)
    }

    /// Until when it waits because address or key seem wrong. A first attempt never does.
    fn doubted(&self, waiting: &Waiting) -> Option<Instant> {
        match waiting.turn {
            Turn::Visitor => None,
            Turn::Again => self.doubt.holds(&waiting.job.reference),
        }
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
        Some(self.ready(self.waiting.get(&ticket)?).saturating_duration_since(now))
    }

    /// The CRM says of this one that address or key are wrong.
    pub(super) fn doubt(&mut self, reference: &Reference, now: Instant) -> Blame {
        self.doubt.arise(reference, now)
    }

    /// A deal got through: address and key are right. True when that was in doubt.
    pub(super) fn trust(&mut self) -> bool {
        self.doubt.settle()
    }

    /// This one is settled or replaced.
    pub(super) fn forget(&mut self, reference: &Reference) {
        self.doubt.forget(reference);
    }

    /// Whether address or key may be wrong.
    pub(super) fn is_in_doubt(&self) -> bool {
        self.doubt.is_raised()
    }
}

impl Look {
    fn wait(&mut self, until: Instant) {
        if self.soonest.is_none_or(|soonest| until < soonest) {
            self.soonest = Some(until);
        }
    }

    /// Those who were not answered so themselves come first: they may well get through.
    fn offer(&mut self, suspect: bool, ticket: Ticket) {
        if self.probe.is_none_or(|(other, _)| other && !suspect) {
            self.probe = Some((suspect, ticket));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const PROBE: Duration = Duration::from_secs(60);

    fn reference(byte: u8) -> Reference {
        Reference::from_random([byte; 16])
    }

    fn job(number: i64, byte: u8) -> Job {
        Job { ticket: Ticket(number), reference: reference(byte), files: false }
    }

    fn start(number: i64, byte: u8) -> Step {
        Step::Start(job(number, byte))
    }

    #[test]
    fn visitors_come_first_and_the_rest_by_time() {
        let (mut desk, now) = (Desk::new(9, PROBE), Instant::now());
        desk.add(job(1, 1), Turn::Again, now);
        desk.add(job(2, 2), Turn::Again, now - SECOND);
        desk.add(job(3, 3), Turn::Again, now + SECOND);
        desk.add(job(4, 4), Turn::Visitor, now);
        assert_eq!(desk.next(now), start(4, 4));
        assert_eq!(desk.next(now), start(2, 2));
        assert_eq!(desk.next(now), start(1, 1));
        assert_eq!(desk.next(now), Step::Wait(Some(now + SECOND)));
        assert_eq!(desk.next(now + SECOND), start(3, 3));
        assert_eq!(desk.next(now + SECOND), Step::Wait(None));
    }

    #[test]
    fn however_many_visitors_come_what_is_tried_again_has_its_turn() {
        let (mut desk, now) = (Desk::new(99, PROBE), Instant::now());
        for byte in 1..=9 {
            desk.add(job(byte.into(), byte), Turn::Visitor, now);
        }
        desk.add(job(10, 10), Turn::Again, now);
        let begun: Vec<i64> = (0..4)
            .map(|_| match desk.next(now) {
                Step::Start(job) => job.ticket.0,
                Step::Wait(_) => 0,
            })
            .collect();
        assert_eq!(begun, [1, 2, 3, 10]);
        assert_eq!(desk.next(now), start(4, 4));
    }

    #[test]
    fn a_proxy_that_stops_tries_nothing_again() {
        let (mut desk, now) = (Desk::new(9, PROBE), Instant::now());
        desk.add(job(1, 1), Turn::Again, now);
        desk.begin_no_retries();
        desk.add(job(2, 2), Turn::Visitor, now);
        assert_eq!(desk.next(now), start(2, 2));
        assert_eq!(desk.next(now), Step::Wait(None));
    }

    #[test]
    fn files_leave_a_place_to_those_who_have_none() {
        let (mut desk, now) = (Desk::new(3, PROBE), Instant::now());
        for byte in 1..=3 {
            desk.add(Job { files: true, ..job(byte.into(), byte) }, Turn::Visitor, now);
        }
        assert!(matches!(desk.next(now), Step::Start(_)));
        assert!(matches!(desk.next(now), Step::Start(_)));
        assert_eq!(desk.next(now), Step::Wait(None));
        desk.add(job(4, 4), Turn::Again, now);
        assert_eq!(desk.next(now), start(4, 4));
        desk.finish(&reference(1));
        assert!(matches!(desk.next(now), Step::Start(_)));
    }

    #[test]
    fn under_a_reference_one_follows_the_other_and_no_more_than_so_many_go_at_once() {
        let (mut desk, now) = (Desk::new(2, PROBE), Instant::now());
        desk.add(job(1, 1), Turn::Visitor, now);
        assert_eq!(desk.next(now), start(1, 1));
        desk.add(job(2, 1), Turn::Visitor, now);
        assert_eq!(desk.next(now), Step::Wait(None));
        desk.add(job(3, 3), Turn::Again, now);
        desk.add(job(4, 4), Turn::Again, now);
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
        let (mut desk, now) = (Desk::new(9, PROBE), Instant::now());
        let later = now + Duration::from_secs(60);
        desk.add(job(1, 1), Turn::Visitor, now);
        assert_eq!(desk.next(now), start(1, 1));
        desk.hold(&reference(1), later);
        desk.finish(&reference(1));
        desk.add(job(2, 1), Turn::Visitor, now);
        desk.add(job(3, 3), Turn::Again, now);
        assert_eq!(desk.wait_of(Ticket(2), now), Some(Duration::from_secs(60)));
        assert_eq!(desk.next(now), start(3, 3));
        assert_eq!(desk.next(now), Step::Wait(Some(later)));
        assert_eq!(desk.next(later), start(2, 1));
    }

    #[test]
    fn an_older_reading_of_the_journal_changes_nothing_that_is_known_better() {
        let (mut desk, now) = (Desk::new(9, PROBE), Instant::now());
        let later = now + Duration::from_secs(60);
        desk.add(job(1, 1), Turn::Again, now);
        assert_eq!(desk.next(now), start(1, 1));
        let mark = desk.mark();
        desk.review(job(1, 1), now, false, mark);
        desk.finish(&reference(1));
        desk.add(job(1, 1), Turn::Again, later);
        desk.review(job(1, 1), now, false, mark);
        assert_eq!(desk.next(now), Step::Wait(Some(later)));
        // Read again, it counts: an operator has made it due.
        let mark = desk.mark();
        desk.review(job(1, 1), now, false, mark);
        assert_eq!(desk.next(now), start(1, 1));
    }

    /// An attempt that is answered with a 403.
    fn doubt(desk: &mut Desk, number: i64, byte: u8, now: Instant) -> Blame {
        assert_eq!(desk.next(now), start(number, byte));
        desk.finish(&reference(byte));
        let blame = desk.doubt(&reference(byte), now);
        desk.add(job(number, byte), Turn::Again, now);
        blame
    }

    #[test]
    fn with_a_wrong_key_first_attempts_go_on_and_the_rest_is_tried_now_and_then() {
        let (mut desk, now) = (Desk::new(9, PROBE), Instant::now());
        for byte in 1..=3 {
            desk.add(job(byte.into(), byte), Turn::Visitor, now);
            let blame = doubt(&mut desk, byte.into(), byte, now);
            assert_eq!(blame, Blame::Proxy { news: byte == 3 });
        }
        desk.add(job(4, 4), Turn::Again, now);
        desk.add(job(5, 5), Turn::Visitor, now);
        assert_eq!(desk.next(now), start(5, 5));
        assert_eq!(desk.next(now), Step::Wait(Some(now + PROBE)));
        assert_eq!(desk.wait_of(Ticket(1), now), Some(PROBE));
        // One at a time finds out, and first one that was not answered so itself.
        assert_eq!(desk.next(now + PROBE), start(4, 4));
        assert_eq!(desk.next(now + PROBE), Step::Wait(Some(now + PROBE * 2)));
        assert!(desk.trust() && !desk.trust());
        assert_eq!(desk.next(now + PROBE), start(1, 1));
        assert_eq!(desk.next(now + PROBE), start(2, 2));
    }

    #[test]
    fn who_is_answered_so_when_others_get_through_waits_alone() {
        let (mut desk, now) = (Desk::new(9, PROBE), Instant::now());
        desk.add(job(1, 1), Turn::Visitor, now);
        assert_eq!(doubt(&mut desk, 1, 1, now), Blame::Proxy { news: false });
        // Others do not wait for a single one, not even when they are tried again.
        desk.add(job(2, 2), Turn::Again, now);
        assert_eq!(desk.next(now), start(2, 2));
        assert!(desk.trust());
        assert_eq!(doubt(&mut desk, 1, 1, now), Blame::Submission);
        assert!(!desk.is_in_doubt());
        desk.finish(&reference(1));
        desk.forget(&reference(1));
        assert_eq!(desk.doubt(&reference(1), now), Blame::Proxy { news: false });
    }
}
