//! The waiting submissions, in two lines: first attempts and retries.

use std::collections::{BTreeSet, HashMap};

use deal_contract::reference::Reference;
use tokio::time::Instant;

use crate::store::{DueSubmission, Ticket};

/// The waiting submissions.
#[derive(Debug, Default)]
pub(super) struct WaitingLines {
    waiting: HashMap<Ticket, Waiting>,
    first_attempts: BTreeSet<(Instant, Ticket)>,
    retries: BTreeSet<(Instant, Ticket)>,
}

/// A submission to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::delivery) struct ScheduledDelivery {
    pub(in crate::delivery) ticket: Ticket,
    pub(in crate::delivery) reference: Reference,
    /// Whether the submission has files, which may take a long time to send.
    pub(in crate::delivery) has_files: bool,
}

/// The line in which a submission waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::delivery) enum Priority {
    /// The submission has just arrived, and its visitor waits for the response.
    FirstAttempt,
    /// The submission was attempted or stored earlier. Usually, no visitor waits.
    Retry,
}

/// A waiting submission.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) delivery: ScheduledDelivery,
    pub(super) priority: Priority,
    pub(super) due: Instant,
}

impl WaitingLines {
    /// Inserts a submission. Replaces it if it is already waiting.
    pub(super) fn insert(&mut self, delivery: ScheduledDelivery, priority: Priority, due: Instant) {
        let ticket = delivery.ticket;
        self.remove(ticket);
        self.line_mut(priority).insert((due, ticket));
        self.waiting.insert(ticket, Waiting { delivery, priority, due });
    }

    pub(super) fn remove(&mut self, ticket: Ticket) -> Option<ScheduledDelivery> {
        let waiting = self.waiting.remove(&ticket)?;
        self.line_mut(waiting.priority).remove(&(waiting.due, ticket));
        Some(waiting.delivery)
    }

    pub(super) fn get(&self, ticket: Ticket) -> Option<&Waiting> {
        self.waiting.get(&ticket)
    }

    pub(super) fn contains(&self, ticket: Ticket) -> bool {
        self.waiting.contains_key(&ticket)
    }

    pub(super) fn references(&self) -> impl Iterator<Item = &Reference> {
        self.waiting.values().map(|waiting| &waiting.delivery.reference)
    }

    /// Returns the number of submissions that are due, up to `limit`.
    pub(super) fn count_due(&self, limit: usize, now: Instant) -> usize {
        let due = (now, Ticket(i64::MAX));
        let lines = [&self.first_attempts, &self.retries];
        lines.into_iter().flat_map(|line| line.range(..=due)).take(limit).count()
    }

    /// Returns the submissions in a line, sorted by due time.
    pub(super) fn line(&self, priority: Priority) -> impl Iterator<Item = &Waiting> {
        let line = match priority {
            Priority::FirstAttempt => &self.first_attempts,
            Priority::Retry => &self.retries,
        };
        line.iter().filter_map(|(_, ticket)| self.waiting.get(ticket))
    }

    fn line_mut(&mut self, priority: Priority) -> &mut BTreeSet<(Instant, Ticket)> {
        match priority {
            Priority::FirstAttempt => &mut self.first_attempts,
            Priority::Retry => &mut self.retries,
        }
    }
}

impl From<&DueSubmission> for ScheduledDelivery {
    fn from(due: &DueSubmission) -> Self {
        let DueSubmission { ticket, has_files, .. } = *due;
        Self { ticket, reference: due.reference.clone(), has_files }
    }
}
