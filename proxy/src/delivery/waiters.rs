//! The visitors who wait for the end of an attempt.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::store::{CrmReply, Ticket};

/// The result of an attempt for its visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AttemptEnd {
    /// The CRM replied.
    Replied(CrmReply),
    /// The submission will be delivered later.
    NotYet,
}

/// The waiting visitors, by the ticket of their content.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiters(Arc<Mutex<HashMap<Ticket, Vec<oneshot::Sender<AttemptEnd>>>>>);

/// A waiting visitor. Dropping it ends the wait.
#[derive(Debug)]
pub(crate) struct Waiter {
    ticket: Ticket,
    /// `None` only during `drop`.
    end: Option<oneshot::Receiver<AttemptEnd>>,
    /// Whether another proxy delivers the submission, so that this proxy cannot notify the visitor.
    is_elsewhere: bool,
    all: Waiters,
}

impl Waiters {
    /// Adds a visitor who waits for the content.
    pub(super) fn join(&self, ticket: Ticket) -> Waiter {
        let (sender, end) = oneshot::channel();
        self.lock().entry(ticket).or_default().push(sender);
        Waiter { ticket, end: Some(end), is_elsewhere: false, all: self.clone() }
    }

    /// Notifies all visitors who wait for the content. Returns whether at least one was still waiting.
    pub(super) fn notify(&self, ticket: Ticket, end: &AttemptEnd) -> bool {
        let waiters = self.lock().remove(&ticket).unwrap_or_default();
        let notified = waiters.into_iter().filter_map(|waiter| waiter.send(end.clone()).ok());
        notified.count() > 0
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Ticket, Vec<oneshot::Sender<AttemptEnd>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiter {
    pub(crate) fn ticket(&self) -> Ticket {
        self.ticket
    }

    /// Records that another proxy delivers the submission, so this proxy cannot notify the visitor.
    pub(super) fn set_delivered_elsewhere(&mut self) {
        self.is_elsewhere = true;
    }

    pub(super) fn is_delivered_elsewhere(&self) -> bool {
        self.is_elsewhere
    }

    /// Waits until the attempt ends or the proxy stops.
    pub(super) async fn wait(&mut self) -> AttemptEnd {
        match &mut self.end {
            Some(end) => end.await.unwrap_or(AttemptEnd::NotYet),
            None => AttemptEnd::NotYet,
        }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        drop(self.end.take());
        let mut all = self.all.lock();
        if let Some(waiters) = all.get_mut(&self.ticket) {
            waiters.retain(|waiter| !waiter.is_closed());
            if waiters.is_empty() {
                all.remove(&self.ticket);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn notifies_waiting_visitors_and_removes_those_who_left() {
        let waiters = Waiters::default();
        let mut all: Vec<Waiter> = (0..3).map(|_| waiters.join(Ticket(1))).collect();
        let left = waiters.join(Ticket(2));
        drop(all.pop());
        drop(left);
        assert_eq!(waiters.lock().len(), 1);
        assert_eq!(waiters.lock()[&Ticket(1)].len(), 2);
        waiters.notify(Ticket(1), &AttemptEnd::NotYet);
        assert!(waiters.is_empty());
        for mut waiter in all {
            assert_eq!(waiter.wait().await, AttemptEnd::NotYet);
        }
    }
}
