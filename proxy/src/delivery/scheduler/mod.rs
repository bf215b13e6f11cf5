//! Decides which submission is delivered next, without a clock or I/O.
//!
//! It knows the submissions that this proxy has admitted, has attempted or has taken from the store because they are
//! due. All of this is also in the store's rows: if the scheduler forgets a submission, a proxy takes it again.

#[cfg(test)]
mod tests;
mod waiting;

use std::collections::HashMap;
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::Instant;

pub(super) use self::waiting::{Priority, ScheduledDelivery};
use self::waiting::{Waiting, WaitingLines};
use super::circuit_breaker::{Cause, CircuitBreaker};
use crate::store::{DueSubmission, Ticket};

/// After this many first attempts in a row, a due retry begins. Otherwise, retries would never begin while visitors
/// submit faster than the CRM accepts deals.
const FIRST_ATTEMPTS_IN_A_ROW: usize = 3;

/// The waiting and the running deliveries.
#[derive(Debug)]
pub(super) struct Scheduler {
    /// The maximum number of deliveries at the same time.
    at_once: usize,
    waiting: WaitingLines,
    running: HashMap<Reference, Running>,
    /// The times until which the CRM asked the proxy to wait, for content that arrived during the attempt.
    deferred: HashMap<Reference, Instant>,
    circuit_breaker: CircuitBreaker,
    first_attempts_in_a_row: usize,
    /// Whether only first attempts begin, because the proxy stops.
    is_stopping: bool,
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
    /// Wait until this time, or with `None` until an attempt ends or a submission is added.
    Wait(Option<Instant>),
}

/// The result of a search for a submission that is ready.
#[derive(Debug, Default)]
struct Search {
    /// A retry that can probe the CRM now, and whether its submission is a suspect.
    probe: Option<(bool, Ticket)>,
    /// When the next submission is ready.
    soonest: Option<Instant>,
}

impl Scheduler {
    /// `probe_interval` is the time between probes while the address or the key may be wrong.
    pub(super) fn new(at_once: usize, probe_interval: Duration) -> Self {
        Self {
            at_once: at_once.max(1),
            waiting: WaitingLines::default(),
            running: HashMap::new(),
            deferred: HashMap::new(),
            circuit_breaker: CircuitBreaker::new(probe_interval),
            first_attempts_in_a_row: 0,
            is_stopping: false,
        }
    }

    /// Stops retries. First attempts still begin.
    pub(super) fn stop_retries(&mut self) {
        self.is_stopping = true;
    }

    /// Adds a submission, or changes its due time. Does nothing if the submission is being delivered, because the end
    /// of the attempt adds it again.
    pub(super) fn add(&mut self, delivery: ScheduledDelivery, priority: Priority, due: Instant) {
        if !self.is_running(delivery.ticket, &delivery.reference) {
            self.waiting.insert(delivery, priority, due);
        }
    }

    /// Adds a submission again at the end of its attempt.
    pub(super) fn add_again(&mut self, delivery: ScheduledDelivery, due: Instant) {
        self.waiting.insert(delivery, Priority::Retry, due);
    }

    /// Adds a submission that was taken from the store. A known submission keeps its place in its line, and becomes due
    /// only if an operator has retried it: otherwise, its wait is measured here by the monotonic clock, and the wall
    /// clock in the store may have been set forward.
    pub(super) fn add_taken(&mut self, taken: &DueSubmission, now: Instant) {
        let known = self.waiting.get(taken.ticket).map(|waiting| waiting.priority);
        if known.is_none() || taken.is_immediate {
            if taken.is_immediate {
                self.deferred.remove(&taken.reference);
            }
            self.add(taken.into(), known.unwrap_or(Priority::Retry), now + taken.due_in);
        }
    }

    /// Returns the references of the submissions that are being delivered.
    pub(super) fn running(&self) -> Vec<Reference> {
        self.running.keys().cloned().collect()
    }

    /// Returns the references of all submissions that wait or are being delivered.
    pub(super) fn references(&self) -> Vec<Reference> {
        self.waiting.references().chain(self.running.keys()).cloned().collect()
    }

    /// Delays newer content of this reference until this time, because the CRM asked the proxy to wait. The store
    /// delays content that is admitted later.
    pub(super) fn defer_until(&mut self, reference: &Reference, until: Instant) {
        self.deferred.insert(reference.clone(), until);
    }

    /// Returns how many submissions have to be taken from the store so that at least `count` submissions are due.
    pub(super) fn missing(&self, count: usize, now: Instant) -> usize {
        if self.is_stopping { 0 } else { count - self.waiting.count_due(count, now) }
    }

    /// Removes a waiting submission.
    pub(super) fn withdraw(&mut self, ticket: Ticket) -> Option<ScheduledDelivery> {
        self.waiting.remove(ticket)
    }

    /// Returns the next step. If this is a delivery, its submission is running after this call.
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

    /// Returns the first waiting submission with this priority whose delivery can begin. Records in `search` when the
    /// next one is ready, and which one can be the probe.
    fn find(&self, priority: Priority, now: Instant, search: &mut Search) -> Option<Ticket> {
        // Sending files takes a long time, so one slot is reserved for submissions without files.
        let with_files = self.running.values().filter(|running| running.has_files).count();
        let no_place_for_files = self.at_once > 1 && with_files + 1 >= self.at_once;
        if self.is_stopping && priority == Priority::Retry {
            return None;
        }
        for waiting in self.waiting.line(priority) {
            if priority == Priority::Retry && waiting.due > now {
                search.wait_until(waiting.due);
                // The remaining submissions are due later.
                return None;
            }
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
                return Some(delivery.ticket);
            } else {
                let is_suspect = self.circuit_breaker.is_suspect(&delivery.reference);
                search.offer_probe(is_suspect, delivery.ticket);
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

    /// Returns the earliest time that the due time, the CRM's `Retry-After` and the circuit breaker allow for an
    /// attempt.
    fn ready_at(&self, waiting: &Waiting) -> Instant {
        let deferred = self.deferred.get(&waiting.delivery.reference).copied();
        [deferred, self.blocked_until(waiting)]
            .into_iter()
            .flatten()
            .fold(waiting.due, Instant::max)
    }

    /// Returns the time until which the circuit breaker blocks the submission, or `None` if it does not. First attempts
    /// are never blocked.
    fn blocked_until(&self, waiting: &Waiting) -> Option<Instant> {
        match waiting.priority {
            Priority::FirstAttempt => None,
            Priority::Retry => self.circuit_breaker.blocked_until(&waiting.delivery.reference),
        }
    }

    /// Records the end of an attempt.
    pub(super) fn finish(&mut self, reference: &Reference) {
        self.running.remove(reference);
    }

    fn is_running(&self, ticket: Ticket, reference: &Reference) -> bool {
        self.running.get(reference).is_some_and(|running| running.ticket == ticket)
    }

    /// Returns whether the content is waiting or being delivered.
    pub(super) fn contains(&self, ticket: Ticket, reference: &Reference) -> bool {
        self.waiting.contains(ticket) || self.is_running(ticket, reference)
    }

    /// Returns the time until the next attempt for the content, or `None` if the content does not wait.
    pub(super) fn wait_of(&self, ticket: Ticket, now: Instant) -> Option<Duration> {
        Some(self.ready_at(self.waiting.get(ticket)?).saturating_duration_since(now))
    }

    /// Records that the CRM rejected a submission as if the address or the key were wrong.
    pub(super) fn record_rejection(&mut self, reference: &Reference, now: Instant) -> Cause {
        self.circuit_breaker.record_rejection(reference, now)
    }

    /// Records that the address and the key work. Returns whether they were in doubt before.
    pub(super) fn record_success(&mut self) -> bool {
        self.circuit_breaker.record_success()
    }

    /// Removes a submission from the circuit breaker, because it was settled or replaced.
    pub(super) fn forget(&mut self, reference: &Reference) {
        self.circuit_breaker.remove(reference);
    }

    /// Returns whether the address or the key may be wrong.
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

    /// Proposes a submission as the probe. Prefers one that is not a suspect, because it is more likely to succeed.
    fn offer_probe(&mut self, is_suspect: bool, ticket: Ticket) {
        if self.probe.is_none_or(|(other, _)| other && !is_suspect) {
            self.probe = Some((is_suspect, ticket));
        }
    }
}
