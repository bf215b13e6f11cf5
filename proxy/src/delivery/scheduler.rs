//! Decides which submission is delivered next. It reads no clock and does nothing itself.
//!
//! What it holds is a cache of rows: it can be built again from the store at any time.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::Instant;

use super::circuit_breaker::{Cause, CircuitBreaker};
use crate::store::{Ticket, WaitingSubmission};

/// The number of first attempts after which a retry has its turn: otherwise retries would wait for as long as visitors
/// come faster than the CRM takes deals.
const FIRST_ATTEMPTS_IN_A_ROW: usize = 3;

/// The submissions that wait and those that are being delivered.
#[derive(Debug)]
pub(super) struct Scheduler {
    at_once: usize,
    waiting: HashMap<Ticket, Waiting>,
    first_attempts: BTreeSet<(Instant, Ticket)>,
    retries: BTreeSet<(Instant, Ticket)>,
    running: HashMap<Reference, Running>,
    /// Until when the CRM asked to wait, also for a content that replaces another.
    deferred: HashMap<Reference, Instant>,
    circuit_breaker: CircuitBreaker,
    first_attempts_in_a_row: usize,
    /// Whether only first attempts are begun, because the proxy stops.
    is_closing: bool,
    /// The number of submissions that were ever added.
    added: u64,
}

/// A submission that is to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScheduledDelivery {
    pub(super) ticket: Ticket,
    pub(super) reference: Reference,
    /// Whether it has files, which may take long.
    pub(super) has_files: bool,
}

/// The order of submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Priority {
    /// A visitor waits for the answer.
    FirstAttempt,
    /// Nobody waits.
    Retry,
}

/// A submission that waits.
#[derive(Debug)]
struct Waiting {
    delivery: ScheduledDelivery,
    priority: Priority,
    due: Instant,
    added: u64,
}

/// A submission that is being delivered.
#[derive(Debug)]
struct Running {
    ticket: Ticket,
    has_files: bool,
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Deliver this submission.
    Start(ScheduledDelivery),
    /// Wait until then; without a time, until an attempt ends or a submission is added.
    Wait(Option<Instant>),
}

/// The result of searching those who wait.
#[derive(Debug, Default)]
struct Search {
    /// A retry that could probe the CRM now, and whether it is a suspect.
    probe: Option<(bool, Ticket)>,
    /// When the next submission is ready.
    soonest: Option<Instant>,
}

impl Scheduler {
    /// `probe_interval` is how often a deal is tried while address or key seem wrong.
    pub(super) fn new(at_once: usize, probe_interval: Duration) -> Self {
        Self {
            at_once: at_once.max(1),
            waiting: HashMap::new(),
            first_attempts: BTreeSet::new(),
            retries: BTreeSet::new(),
            running: HashMap::new(),
            deferred: HashMap::new(),
            circuit_breaker: CircuitBreaker::new(probe_interval),
            first_attempts_in_a_row: 0,
            is_closing: false,
            added: 0,
        }
    }

    /// From now on, only first attempts begin.
    pub(super) fn begin_no_retries(&mut self) {
        self.is_closing = true;
    }

    /// Adds a submission, or changes when it is due. One that is being delivered is left alone: its attempt adds it
    /// again when it ends.
    pub(super) fn add(&mut self, delivery: ScheduledDelivery, priority: Priority, due: Instant) {
        let ticket = delivery.ticket;
        if self.is_running(ticket, &delivery.reference) {
            return;
        }
        self.withdraw(ticket);
        self.insert(delivery, priority, due);
    }

    /// Adds a submission again whose attempt is about to end.
    pub(super) fn add_again(&mut self, delivery: ScheduledDelivery, due: Instant) {
        self.withdraw(delivery.ticket);
        self.insert(delivery, Priority::Retry, due);
    }

    fn insert(&mut self, delivery: ScheduledDelivery, priority: Priority, due: Instant) {
        let ticket = delivery.ticket;
        self.added += 1;
        self.line(priority).insert((due, ticket));
        self.waiting.insert(ticket, Waiting { delivery, priority, due, added: self.added });
    }

    fn line(&mut self, priority: Priority) -> &mut BTreeSet<(Instant, Ticket)> {
        match priority {
            Priority::FirstAttempt => &mut self.first_attempts,
            Priority::Retry => &mut self.retries,
        }
    }

    /// A mark in time: the number of submissions that were ever added.
    pub(super) fn mark(&self) -> u64 {
        self.added
    }

    /// Takes over when a submission is due from the store as it was read after the mark was taken. What was added since,
    /// or is being delivered, is better known here. An operator may ask the CRM before the time for which it asked:
    /// `asked` says whether that time still counts.
    pub(super) fn review(
        &mut self,
        delivery: ScheduledDelivery,
        due: Instant,
        asked: bool,
        mark: u64,
    ) {
        let is_newer =
            self.waiting.get(&delivery.ticket).is_some_and(|waiting| waiting.added > mark);
        if !is_newer && !self.is_running(delivery.ticket, &delivery.reference) {
            if !asked {
                self.deferred.remove(&delivery.reference);
            }
            self.add(delivery, Priority::Retry, due);
        }
    }

    /// Removes a submission that waits.
    pub(super) fn withdraw(&mut self, ticket: Ticket) -> Option<ScheduledDelivery> {
        let known = self.waiting.remove(&ticket)?;
        self.line(known.priority).remove(&(known.due, ticket));
        Some(known.delivery)
    }

    /// What to do now. A submission that is to be delivered counts as running.
    pub(super) fn next(&mut self, now: Instant) -> Step {
        if self.running.len() >= self.at_once {
            return Step::Wait(None);
        }
        let priorities = if self.first_attempts_in_a_row < FIRST_ATTEMPTS_IN_A_ROW {
            [Priority::FirstAttempt, Priority::Retry]
        } else {
            [Priority::Retry, Priority::FirstAttempt]
        };
        let mut search = Search::default();
        let ready = priorities
            .into_iter()
            .find_map(|priority| Some((priority, self.find(priority, now, &mut search)?)));
        let probe = search.probe.map(|(_, ticket)| (Priority::Retry, ticket));
        if ready.is_none() && probe.is_some() {
            self.circuit_breaker.begin_probe(now);
        }
        let begun = ready.or(probe).and_then(|(priority, ticket)| self.begin(priority, ticket));
        begun.map_or(Step::Wait(search.soonest), Step::Start)
    }

    /// The first in line that can begin.
    fn find(&self, priority: Priority, now: Instant, search: &mut Search) -> Option<Ticket> {
        // Files take long: one place is left to submissions without files.
        let files = self.running.values().filter(|running| running.has_files).count();
        let full = self.at_once > 1 && files + 1 >= self.at_once;
        let line = match priority {
            Priority::FirstAttempt => &self.first_attempts,
            Priority::Retry => &self.retries,
        };
        if self.is_closing && priority == Priority::Retry {
            return None;
        }
        for (due, ticket) in line {
            if priority == Priority::Retry && *due > now {
                search.wait(*due);
                // The rest is due later still.
                return None;
            }
            let Some(waiting) = self.waiting.get(ticket) else { continue };
            let delivery = &waiting.delivery;
            // One at a time under each reference.
            if self.running.contains_key(&delivery.reference) || full && delivery.has_files {
                continue;
            }
            let ready = self.ready(waiting);
            if ready > now {
                search.wait(ready);
            } else if self.blocked_until(waiting).is_none() {
                return Some(*ticket);
            } else {
                search.offer_probe(self.circuit_breaker.is_suspect(&delivery.reference), *ticket);
            }
        }
        None
    }

    fn begin(&mut self, priority: Priority, ticket: Ticket) -> Option<ScheduledDelivery> {
        let delivery = self.withdraw(ticket)?;
        self.first_attempts_in_a_row = match priority {
            Priority::FirstAttempt => self.first_attempts_in_a_row + 1,
            Priority::Retry => 0,
        };
        self.deferred.remove(&delivery.reference);
        let running = Running { ticket, has_files: delivery.has_files };
        self.running.insert(delivery.reference.clone(), running);
        Some(delivery)
    }

    /// When the submission is due, the CRM may be asked, and the circuit breaker lets it pass.
    fn ready(&self, waiting: &Waiting) -> Instant {
        let deferred = self.deferred.get(&waiting.delivery.reference).copied();
        [deferred, self.blocked_until(waiting)]
            .into_iter()
            .flatten()
            .fold(waiting.due, Instant::max)
    }

    /// Until when it waits because address or key seem wrong. A first attempt never does.
    fn blocked_until(&self, waiting: &Waiting) -> Option<Instant> {
        match waiting.priority {
            Priority::FirstAttempt => None,
            Priority::Retry => self.circuit_breaker.blocked_until(&waiting.delivery.reference),
        }
    }

    /// The CRM asked to wait until then.
    pub(super) fn defer_until(&mut self, reference: &Reference, until: Instant) {
        self.deferred.insert(reference.clone(), until);
    }

    /// The attempt has ended.
    pub(super) fn finish(&mut self, reference: &Reference) {
        self.running.remove(reference);
    }

    fn is_running(&self, ticket: Ticket, reference: &Reference) -> bool {
        self.running.get(reference).is_some_and(|running| running.ticket == ticket)
    }

    /// Whether this content waits or is being delivered.
    pub(super) fn contains(&self, ticket: Ticket, reference: &Reference) -> bool {
        self.waiting.contains_key(&ticket) || self.is_running(ticket, reference)
    }

    /// The time until this content is tried; none if it does not wait.
    pub(super) fn wait_of(&self, ticket: Ticket, now: Instant) -> Option<Duration> {
        Some(self.ready(self.waiting.get(&ticket)?).saturating_duration_since(now))
    }

    /// The CRM rejected this submission because of address or key.
    pub(super) fn record_rejection(&mut self, reference: &Reference, now: Instant) -> Cause {
        self.circuit_breaker.record_rejection(reference, now)
    }

    /// A deal got through: address and key are right. Returns whether they seemed wrong.
    pub(super) fn record_success(&mut self) -> bool {
        self.circuit_breaker.record_success()
    }

    /// The submission was settled or replaced.
    pub(super) fn forget(&mut self, reference: &Reference) {
        self.circuit_breaker.forget(reference);
    }

    /// Whether address or key may be wrong.
    pub(super) fn has_suspects(&self) -> bool {
        self.circuit_breaker.has_suspects()
    }
}

impl Search {
    fn wait(&mut self, until: Instant) {
        if self.soonest.is_none_or(|soonest| until < soonest) {
            self.soonest = Some(until);
        }
    }

    /// A submission that is not a suspect is preferred: it may well get through.
    fn offer_probe(&mut self, is_suspect: bool, ticket: Ticket) {
        if self.probe.is_none_or(|(other, _)| other && !is_suspect) {
            self.probe = Some((is_suspect, ticket));
        }
    }
}

impl From<&WaitingSubmission> for ScheduledDelivery {
    fn from(waiting: &WaitingSubmission) -> Self {
        let WaitingSubmission { ticket, has_files, .. } = *waiting;
        Self { ticket, reference: waiting.reference.clone(), has_files }
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

    fn delivery(number: i64, byte: u8) -> ScheduledDelivery {
        ScheduledDelivery { ticket: Ticket(number), reference: reference(byte), has_files: false }
    }

    fn start(number: i64, byte: u8) -> Step {
        Step::Start(delivery(number, byte))
    }

    #[test]
    fn first_attempts_come_first_and_retries_by_time() {
        let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
        scheduler.add(delivery(1, 1), Priority::Retry, now);
        scheduler.add(delivery(2, 2), Priority::Retry, now - SECOND);
        scheduler.add(delivery(3, 3), Priority::Retry, now + SECOND);
        scheduler.add(delivery(4, 4), Priority::FirstAttempt, now);
        assert_eq!(scheduler.next(now), start(4, 4));
        assert_eq!(scheduler.next(now), start(2, 2));
        assert_eq!(scheduler.next(now), start(1, 1));
        assert_eq!(scheduler.next(now), Step::Wait(Some(now + SECOND)));
        assert_eq!(scheduler.next(now + SECOND), start(3, 3));
        assert_eq!(scheduler.next(now + SECOND), Step::Wait(None));
    }

    #[test]
    fn a_retry_has_its_turn_after_three_first_attempts() {
        let (mut scheduler, now) = (Scheduler::new(99, PROBE), Instant::now());
        for byte in 1..=9 {
            scheduler.add(delivery(byte.into(), byte), Priority::FirstAttempt, now);
        }
        scheduler.add(delivery(10, 10), Priority::Retry, now);
        let begun: Vec<i64> = (0..4)
            .map(|_| match scheduler.next(now) {
                Step::Start(delivery) => delivery.ticket.0,
                Step::Wait(_) => 0,
            })
            .collect();
        assert_eq!(begun, [1, 2, 3, 10]);
        assert_eq!(scheduler.next(now), start(4, 4));
    }

    #[test]
    fn begins_no_retry_while_the_proxy_stops() {
        let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
        scheduler.add(delivery(1, 1), Priority::Retry, now);
        scheduler.begin_no_retries();
        scheduler.add(delivery(2, 2), Priority::FirstAttempt, now);
        assert_eq!(scheduler.next(now), start(2, 2));
        assert_eq!(scheduler.next(now), Step::Wait(None));
    }

    #[test]
    fn leaves_a_place_to_submissions_without_files() {
        let (mut scheduler, now) = (Scheduler::new(3, PROBE), Instant::now());
        for byte in 1..=3 {
            scheduler.add(
                ScheduledDelivery { has_files: true, ..delivery(byte.into(), byte) },
                Priority::FirstAttempt,
                now,
            );
        }
        assert!(matches!(scheduler.next(now), Step::Start(_)));
        assert!(matches!(scheduler.next(now), Step::Start(_)));
        assert_eq!(scheduler.next(now), Step::Wait(None));
        scheduler.add(delivery(4, 4), Priority::Retry, now);
        assert_eq!(scheduler.next(now), start(4, 4));
        scheduler.finish(&reference(1));
        assert!(matches!(scheduler.next(now), Step::Start(_)));
    }

    #[test]
    fn delivers_one_content_of_a_reference_at_a_time_and_a_few_references_at_once() {
        let (mut scheduler, now) = (Scheduler::new(2, PROBE), Instant::now());
        scheduler.add(delivery(1, 1), Priority::FirstAttempt, now);
        assert_eq!(scheduler.next(now), start(1, 1));
        scheduler.add(delivery(2, 1), Priority::FirstAttempt, now);
        assert_eq!(scheduler.next(now), Step::Wait(None));
        scheduler.add(delivery(3, 3), Priority::Retry, now);
        scheduler.add(delivery(4, 4), Priority::Retry, now);
        assert_eq!(scheduler.next(now), start(3, 3));
        assert_eq!(scheduler.next(now), Step::Wait(None));
        scheduler.finish(&reference(1));
        assert_eq!(scheduler.next(now), start(2, 1));
    }

    #[test]
    fn a_correction_waits_as_long_as_the_crm_asked_for() {
        let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
        let later = now + Duration::from_secs(60);
        scheduler.add(delivery(1, 1), Priority::FirstAttempt, now);
        assert_eq!(scheduler.next(now), start(1, 1));
        scheduler.defer_until(&reference(1), later);
        scheduler.finish(&reference(1));
        scheduler.add(delivery(2, 1), Priority::FirstAttempt, now);
        scheduler.add(delivery(3, 3), Priority::Retry, now);
        assert_eq!(scheduler.wait_of(Ticket(2), now), Some(Duration::from_secs(60)));
        assert_eq!(scheduler.next(now), start(3, 3));
        assert_eq!(scheduler.next(now), Step::Wait(Some(later)));
        assert_eq!(scheduler.next(later), start(2, 1));
    }

    #[test]
    fn an_older_reading_of_the_store_does_not_change_a_newer_due_time() {
        let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
        let later = now + Duration::from_secs(60);
        scheduler.add(delivery(1, 1), Priority::Retry, now);
        assert_eq!(scheduler.next(now), start(1, 1));
        let mark = scheduler.mark();
        scheduler.review(delivery(1, 1), now, false, mark);
        scheduler.finish(&reference(1));
        scheduler.add(delivery(1, 1), Priority::Retry, later);
        scheduler.review(delivery(1, 1), now, false, mark);
        assert_eq!(scheduler.next(now), Step::Wait(Some(later)));
        // Read again, it counts: an operator has made it due.
        let mark = scheduler.mark();
        scheduler.review(delivery(1, 1), now, false, mark);
        assert_eq!(scheduler.next(now), start(1, 1));
    }

    /// Makes an attempt that the CRM answers with 403.
    fn reject(scheduler: &mut Scheduler, number: i64, byte: u8, now: Instant) -> Cause {
        assert_eq!(scheduler.next(now), start(number, byte));
        scheduler.finish(&reference(byte));
        let cause = scheduler.record_rejection(&reference(byte), now);
        scheduler.add(delivery(number, byte), Priority::Retry, now);
        cause
    }

    #[test]
    fn with_a_wrong_key_first_attempts_continue_and_one_retry_probes_at_a_time() {
        let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
        for byte in 1..=3 {
            scheduler.add(delivery(byte.into(), byte), Priority::FirstAttempt, now);
            let cause = reject(&mut scheduler, byte.into(), byte, now);
            assert_eq!(cause, Cause::Credentials { is_news: byte == 3 });
        }
        scheduler.add(delivery(4, 4), Priority::Retry, now);
        scheduler.add(delivery(5, 5), Priority::FirstAttempt, now);
        assert_eq!(scheduler.next(now), start(5, 5));
        assert_eq!(scheduler.next(now), Step::Wait(Some(now + PROBE)));
        assert_eq!(scheduler.wait_of(Ticket(1), now), Some(PROBE));
        // One at a time finds out, and first one that was not answered so itself.
        assert_eq!(scheduler.next(now + PROBE), start(4, 4));
        assert_eq!(scheduler.next(now + PROBE), Step::Wait(Some(now + PROBE * 2)));
        assert!(scheduler.record_success() && !scheduler.record_success());
        assert_eq!(scheduler.next(now + PROBE), start(1, 1));
        assert_eq!(scheduler.next(now + PROBE), start(2, 2));
    }

    #[test]
    fn a_submission_that_is_rejected_while_others_get_through_waits_alone() {
        let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
        scheduler.add(delivery(1, 1), Priority::FirstAttempt, now);
        assert_eq!(reject(&mut scheduler, 1, 1, now), Cause::Credentials { is_news: false });
        // Others do not wait for a single one, not even when they are tried again.
        scheduler.add(delivery(2, 2), Priority::Retry, now);
        assert_eq!(scheduler.next(now), start(2, 2));
        assert!(scheduler.record_success());
        assert_eq!(reject(&mut scheduler, 1, 1, now), Cause::Submission);
        assert!(!scheduler.has_suspects());
        scheduler.finish(&reference(1));
        scheduler.forget(&reference(1));
        assert_eq!(
            scheduler.record_rejection(&reference(1), now),
            Cause::Credentials { is_news: false }
        );
    }
}
