//! The waiting submissions, in two lines: first attempts and retries.

use std::collections::{BTreeSet, HashMap};

use deal_contract::reference::Reference;
use tokio::time::Instant;

use crate::store::{Ticket, WaitingSubmission};

/// The waiting submissions.
#[derive(Debug, Default)]
pub(super) struct WaitingLines {
    waiting: HashMap<Ticket, Waiting>,
    first_attempts: BTreeSet<(Instant, Ticket)>,
    retries: BTreeSet<(Instant, Ticket)>,
    /// Counts the insertions.
    version: u64,
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
    /// The version of the lines after the insertion.
    version: u64,
}

impl WaitingLines {
    /// Inserts a submission. Replaces it if it is already waiting.
    pub(super) fn insert(&mut self, delivery: ScheduledDelivery, priority: Priority, due: Instant) {
        let ticket = delivery.ticket;
        self.remove(ticket);
        self.version += 1;
        self.line_mut(priority).insert((due, ticket));
        let version = self.version;
        self.waiting.insert(ticket, Waiting { delivery, priority, due, version });
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

    /// Returns the number of insertions so far.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Returns whether the submission was inserted after this version.
    pub(super) fn is_newer(&self, ticket: Ticket, version: u64) -> bool {
        self.waiting.get(&ticket).is_some_and(|waiting| waiting.version > version)
    }
}

impl From<&WaitingSubmission> for ScheduledDelivery {
    fn from(waiting: &WaitingSubmission) -> Self {
        let WaitingSubmission { ticket, has_files, .. } = *waiting;
        Self { ticket, reference: waiting.reference.clone(), has_files }
    }
}
