//! Decides which submission is delivered next, without a clock or I/O.
//!
//! The scheduler is a cache of the store's rows, from which it can be built again at any time.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::Instant;

use super::circuit_breaker::{Cause, CircuitBreaker};
use crate::store::{Ticket, WaitingSubmission};

/// After this many first attempts, a retry begins. Otherwise, retries would wait while visitors submit faster than the
/// CRM accepts deals.
const FIRST_ATTEMPTS_IN_A_ROW: usize = 3;

/// The waiting and the running deliveries.
#[derive(Debug)]
pub(super) struct Scheduler {
    /// The most deliveries at the same time.
    at_once: usize,
    waiting: HashMap<Ticket, Waiting>,
    first_attempts: BTreeSet<(Instant, Ticket)>,
    retries: BTreeSet<(Instant, Ticket)>,
    running: HashMap<Reference, Running>,
    /// Until when the CRM asked to wait. This also applies to a content that replaces another.
    deferred: HashMap<Reference, Instant>,
    circuit_breaker: CircuitBreaker,
    first_attempts_in_a_row: usize,
    /// Whether only first attempts begin, because the proxy stops.
    is_stopping: bool,
    /// Counts the additions.
    version: u64,
}

/// A submission to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScheduledDelivery {
    pub(super) ticket: Ticket,
    pub(super) reference: Reference,
    /// Whether the submission has files, which may take long.
    pub(super) has_files: bool,
}

/// The order of submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Priority {
    /// A visitor waits for the response.
    FirstAttempt,
    /// No visitor waits.
    Retry,
}

/// A waiting submission.
#[derive(Debug)]
struct Waiting {
    delivery: ScheduledDelivery,
    priority: Priority,
    due: Instant,
    /// The scheduler's version when the submission was added.
    version: u64,
}

/// A submission that is being delivered.
#[derive(Debug)]
struct Running {
    ticket: Ticket,
    has_files: bool,
}

/// The next step of the queue.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Deliver this submission.
    Start(ScheduledDelivery),
    /// Wait until this time; without a time, until an attempt ends or a submission is added.
    Wait(Option<Instant>),
}

/// The result of a search for a submission that is ready.
#[derive(Debug, Default)]
struct Search {
    /// A retry that can probe the CRM now, and whether it is a suspect.
    probe: Option<(bool, Ticket)>,
    /// When the next submission is ready.
    soonest: Option<Instant>,
}

impl Scheduler {
    /// `probe_interval` is the time between probes while the address or the key may be wrong.
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
            is_stopping: false,
            version: 0,
        }
    }

    /// Stops retries. First attempts still begin.
    pub(super) fn stop_retries(&mut self) {
        self.is_stopping = true;
    }

    /// Adds a submission, or changes its due time. Does nothing if the submission is being delivered, because the end of
    /// the attempt adds it again.
    pub(super) fn add(&mut self, delivery: ScheduledDelivery, priority: Priority, due: Instant) {
        let ticket = delivery.ticket;
        if self.is_running(ticket, &delivery.reference) {
            return;
        }
        self.withdraw(ticket);
        self.insert(delivery, priority, due);
    }

    /// Adds a submission again at the end of its attempt.
    pub(super) fn add_again(&mut self, delivery: ScheduledDelivery, due: Instant) {
        self.withdraw(delivery.ticket);
        self.insert(delivery, Priority::Retry, due);
    }

    fn insert(&mut self, delivery: ScheduledDelivery, priority: Priority, due: Instant) {
        let ticket = delivery.ticket;
        self.version += 1;
        self.line(priority).insert((due, ticket));
        let version = self.version;
        self.waiting.insert(ticket, Waiting { delivery, priority, due, version });
    }

    fn line(&mut self, priority: Priority) -> &mut BTreeSet<(Instant, Ticket)> {
        match priority {
            Priority::FirstAttempt => &mut self.first_attempts,
            Priority::Retry => &mut self.retries,
        }
    }

    /// The number of additions so far. See [`update`](Self::update).
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Sets the due time of a submission to the one in the store. Ignores a submission that is being delivered or was
    /// added after `version`, the scheduler's version before the store was read. `deferred` says whether the CRM's
    /// `Retry-After` still applies; an operator's retry overrides it.
    pub(super) fn update(
        &mut self,
        delivery: ScheduledDelivery,
        due: Instant,
        deferred: bool,
        version: u64,
    ) {
        let is_newer =
            self.waiting.get(&delivery.ticket).is_some_and(|waiting| waiting.version > version);
        if !is_newer && !self.is_running(delivery.ticket, &delivery.reference) {
            if !deferred {
                self.deferred.remove(&delivery.reference);
            }
            self.add(delivery, Priority::Retry, due);
        }
    }

    /// Removes a waiting submission.
    pub(super) fn withdraw(&mut self, ticket: Ticket) -> Option<ScheduledDelivery> {
        let waiting = self.waiting.remove(&ticket)?;
        self.line(waiting.priority).remove(&(waiting.due, ticket));
        Some(waiting.delivery)
    }

    /// Returns the next step. A submission to deliver counts as running from now on.
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
        let started = ready.or(probe).and_then(|(priority, ticket)| self.begin(priority, ticket));
        started.map_or(Step::Wait(search.soonest), Step::Start)
    }

    /// The first submission in the line that can begin.
    fn find(&self, priority: Priority, now: Instant, search: &mut Search) -> Option<Ticket> {
        // Files take long, so one place is reserved for submissions without files.
        let with_files = self.running.values().filter(|running| running.has_files).count();
        let no_place_for_files = self.at_once > 1 && with_files + 1 >= self.at_once;
        let line = match priority {
            Priority::FirstAttempt => &self.first_attempts,
            Priority::Retry => &self.retries,
        };
        if self.is_stopping && priority == Priority::Retry {
            return None;
        }
        for (due, ticket) in line {
            if priority == Priority::Retry && *due > now {
                search.wait_until(*due);
                // All others are due later.
                return None;
            }
            let Some(waiting) = self.waiting.get(ticket) else { continue };
            let delivery = &waiting.delivery;
            // Only one delivery at a time for each reference.
            if self.running.contains_key(&delivery.reference)
                || no_place_for_files && delivery.has_files
            {
                continue;
            }
            let ready = self.ready_at(waiting);
            if ready > now {
                search.wait_until(ready);
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

    /// The time from which the due time, the CRM's `Retry-After` and the circuit breaker allow an attempt.
    fn ready_at(&self, waiting: &Waiting) -> Instant {
        let deferred = self.deferred.get(&waiting.delivery.reference).copied();
        [deferred, self.blocked_until(waiting)]
            .into_iter()
            .flatten()
            .fold(waiting.due, Instant::max)
    }

    /// Until when the circuit breaker blocks the submission. It never blocks first attempts.
    fn blocked_until(&self, waiting: &Waiting) -> Option<Instant> {
        match waiting.priority {
            Priority::FirstAttempt => None,
            Priority::Retry => self.circuit_breaker.blocked_until(&waiting.delivery.reference),
        }
    }

    /// Records that the CRM asked to wait.
    pub(super) fn defer_until(&mut self, reference: &Reference, until: Instant) {
        self.deferred.insert(reference.clone(), until);
    }

    /// Records the end of an attempt.
    pub(super) fn finish(&mut self, reference: &Reference) {
        self.running.remove(reference);
    }

    fn is_running(&self, ticket: Ticket, reference: &Reference) -> bool {
        self.running.get(reference).is_some_and(|running| running.ticket == ticket)
    }

    /// Whether the content waits or is being delivered.
    pub(super) fn contains(&self, ticket: Ticket, reference: &Reference) -> bool {
        self.waiting.contains_key(&ticket) || self.is_running(ticket, reference)
    }

    /// The time until the next attempt for the content; none if it does not wait.
    pub(super) fn wait_of(&self, ticket: Ticket, now: Instant) -> Option<Duration> {
        Some(self.ready_at(self.waiting.get(&ticket)?).saturating_duration_since(now))
    }

    /// Records that the CRM rejected a submission as if the address or the key were wrong.
    pub(super) fn record_rejection(&mut self, reference: &Reference, now: Instant) -> Cause {
        self.circuit_breaker.record_rejection(reference, now)
    }

    /// Records that a deal was delivered. Returns whether there were suspects.
    pub(super) fn record_success(&mut self) -> bool {
        self.circuit_breaker.record_success()
    }

    /// Removes a submission that was settled or replaced from the circuit breaker.
    pub(super) fn forget(&mut self, reference: &Reference) {
        self.circuit_breaker.remove(reference);
    }

    /// Whether the address or the key may be wrong.
    pub(super) fn has_suspects(&self) -> bool {
        self.circuit_breaker.has_suspects()
    }
}

impl Search {
    fn wait_until(&mut self, until: Instant) {
        if self.soonest.is_none_or(|soonest| until < soonest) {
            self.soonest = Some(until);
        }
    }

    /// Considers a submission as the probe. Prefers one that is not a suspect, because it is more likely to succeed.
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
    fn starts_first_attempts_before_retries_and_retries_by_due_time() {
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
    fn starts_a_retry_after_three_first_attempts() {
        let (mut scheduler, now) = (Scheduler::new(99, PROBE), Instant::now());
        for byte in 1..=9 {
            scheduler.add(delivery(byte.into(), byte), Priority::FirstAttempt, now);
        }
        scheduler.add(delivery(10, 10), Priority::Retry, now);
        let started: Vec<i64> = (0..4)
            .map(|_| match scheduler.next(now) {
                Step::Start(delivery) => delivery.ticket.0,
                Step::Wait(_) => 0,
            })
            .collect();
        assert_eq!(started, [1, 2, 3, 10]);
        assert_eq!(scheduler.next(now), start(4, 4));
    }

    #[test]
    fn starts_no_retry_while_the_proxy_stops() {
        let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
        scheduler.add(delivery(1, 1), Priority::Retry, now);
        scheduler.stop_retries();
        scheduler.add(delivery(2, 2), Priority::FirstAttempt, now);
        assert_eq!(scheduler.next(now), start(2, 2));
        assert_eq!(scheduler.next(now), Step::Wait(None));
    }

    #[test]
    fn reserves_a_place_for_submissions_without_files() {
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
    fn limits_deliveries_to_one_for_each_reference_and_to_at_once_in_total() {
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
    fn delays_a_correction_as_long_as_the_crm_asked() {
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
    fn keeps_a_due_time_that_is_newer_than_the_one_in_the_store() {
        let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
        let later = now + Duration::from_secs(60);
        scheduler.add(delivery(1, 1), Priority::Retry, now);
        assert_eq!(scheduler.next(now), start(1, 1));
        let version = scheduler.version();
        scheduler.update(delivery(1, 1), now, false, version);
        scheduler.finish(&reference(1));
        scheduler.add(delivery(1, 1), Priority::Retry, later);
        scheduler.update(delivery(1, 1), now, false, version);
        assert_eq!(scheduler.next(now), Step::Wait(Some(later)));
        // An operator has made the submission due after that.
        let version = scheduler.version();
        scheduler.update(delivery(1, 1), now, false, version);
        assert_eq!(scheduler.next(now), start(1, 1));
    }

    /// Makes an attempt that the CRM rejects with 403.
    fn reject(scheduler: &mut Scheduler, number: i64, byte: u8, now: Instant) -> Cause {
        assert_eq!(scheduler.next(now), start(number, byte));
        scheduler.finish(&reference(byte));
        let cause = scheduler.record_rejection(&reference(byte), now);
        scheduler.add(delivery(number, byte), Priority::Retry, now);
        cause
    }

    #[test]
    fn starts_first_attempts_and_one_probe_at_a_time_while_the_key_is_wrong() {
        let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
        for byte in 1..=3 {
            scheduler.add(delivery(byte.into(), byte), Priority::FirstAttempt, now);
            let cause = reject(&mut scheduler, byte.into(), byte, now);
            assert_eq!(cause, Cause::Credentials { opened: byte == 3 });
        }
        scheduler.add(delivery(4, 4), Priority::Retry, now);
        scheduler.add(delivery(5, 5), Priority::FirstAttempt, now);
        assert_eq!(scheduler.next(now), start(5, 5));
        assert_eq!(scheduler.next(now), Step::Wait(Some(now + PROBE)));
        assert_eq!(scheduler.wait_of(Ticket(1), now), Some(PROBE));
        // The first probe is a submission that was not rejected itself.
        assert_eq!(scheduler.next(now + PROBE), start(4, 4));
        assert_eq!(scheduler.next(now + PROBE), Step::Wait(Some(now + PROBE * 2)));
        assert!(scheduler.record_success() && !scheduler.record_success());
        assert_eq!(scheduler.next(now + PROBE), start(1, 1));
        assert_eq!(scheduler.next(now + PROBE), start(2, 2));
    }

    #[test]
    fn blocks_only_the_rejected_submission_while_others_are_delivered() {
        let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
        scheduler.add(delivery(1, 1), Priority::FirstAttempt, now);
        assert_eq!(reject(&mut scheduler, 1, 1, now), Cause::Credentials { opened: false });
        // A single suspect does not block the retries of others.
        scheduler.add(delivery(2, 2), Priority::Retry, now);
        assert_eq!(scheduler.next(now), start(2, 2));
        assert!(scheduler.record_success());
        assert_eq!(reject(&mut scheduler, 1, 1, now), Cause::Submission);
        assert!(!scheduler.has_suspects());
        scheduler.finish(&reference(1));
        scheduler.forget(&reference(1));
        assert_eq!(
            scheduler.record_rejection(&reference(1), now),
            Cause::Credentials { opened: false }
        );
    }
}
