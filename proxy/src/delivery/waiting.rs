//! Visitors who wait for what comes of an attempt.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::store::journal::{Answer, Ticket};

/// What an attempt ended in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The CRM has spoken.
    Answered(Answer),
    /// It is tried again later.
    NotYet,
}

/// Everybody who waits, by what they wait for.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiters(Arc<Mutex<HashMap<Ticket, Vec<oneshot::Sender<Ended>>>>>);

/// One who waits. Dropped when the visitor leaves, and forgotten then.
#[derive(Debug)]
pub(crate) struct Waiter {
    ticket: Ticket,
    /// Taken only when dropped.
    told: Option<oneshot::Receiver<Ended>>,
    all: Waiters,
}

impl Waiters {
    /// Waits from now on.
    pub(super) fn join(&self, ticket: Ticket) -> Waiter {
        let (tell, told) = oneshot::channel();
        self.lock().entry(ticket).or_default().push(tell);
        Waiter { ticket, told: Some(told), all: self.clone() }
    }

    /// Tells all who wait for it. True when one of them was still there.
    pub(super) fn tell(&self, ticket: Ticket, ended: &Ended) -> bool {
        let waiters = self.lock().remove(&ticket).unwrap_or_default();
        let heard = waiters.into_iter().filter_map(|waiter| waiter.send(ended.clone()).ok());
        heard.count() > 0
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Ticket, Vec<oneshot::Sender<Ended>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiter {
    pub(crate) fn ticket(&self) -> Ticket {
        self.ticket
    }

    /// What comes of the attempt. Nobody left to tell is a proxy that stops.
    pub(super) async fn ended(&mut self) -> Ended {
        match &mut self.told {
            Some(told) => told.await.unwrap_or(Ended::NotYet),
            None => Ended::NotYet,
        }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        drop(self.told.take());
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
    async fn all_who_wait_are_told_and_who_leaves_is_forgotten() {
        let waiters = Waiters::default();
        let mut all: Vec<Waiter> = (0..3).map(|_| waiters.join(Ticket(1))).collect();
        let left = waiters.join(Ticket(2));
        drop(all.pop());
        drop(left);
        assert_eq!(waiters.lock().len(), 1);
        assert_eq!(waiters.lock()[&Ticket(1)].len(), 2);
        waiters.tell(Ticket(1), &Ended::NotYet);
        assert!(waiters.is_empty());
        for mut waiter in all {
            assert_eq!(waiter.ended().await, Ended::NotYet);
        }
    }
}
