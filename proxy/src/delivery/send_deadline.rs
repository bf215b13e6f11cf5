//! The time until which a claim allows its proxy to send to the CRM.
//!
//! If a proxy is paused for longer than its lease, another proxy claims the submission and calls the CRM. When the
//! paused proxy continues, it must not complete its own call. So each piece of a request's body is sent only before
//! this deadline, and the CRM ignores an incomplete request.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tokio::time::Instant;

use crate::store::{LEAST_SEND, LONGEST_SEND};

/// The deadline of one claim. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct SendDeadline(Arc<State>);

#[derive(Debug)]
struct State {
    until: Mutex<Instant>,
    was_reached: AtomicBool,
}

impl SendDeadline {
    /// Returns the deadline of a claim that was requested from the store at this time.
    pub(super) fn of_claim(requested: Instant) -> Self {
        let until = Mutex::new(requested + LEAST_SEND);
        Self(Arc::new(State { until, was_reached: AtomicBool::new(false) }))
    }

    /// Extends the deadline after a renewal that was requested from the store at this time.
    pub(super) fn extend(&self, requested: Instant) {
        self.set(requested + LONGEST_SEND);
    }

    /// Ends the time to send, because the claim was lost.
    pub(super) fn end(&self) {
        self.set(Instant::now());
    }

    /// Checks that the proxy may still send.
    ///
    /// # Errors
    /// If the deadline has passed.
    pub(crate) fn check(&self) -> io::Result<()> {
        let until = *self.0.until.lock().unwrap_or_else(PoisonError::into_inner);
        if Instant::now() < until {
            return Ok(());
        }
        self.0.was_reached.store(true, Ordering::SeqCst);
        Err(io::Error::new(io::ErrorKind::TimedOut, "the claim on the submission ended"))
    }

    /// Returns whether a [check](Self::check) has failed.
    pub(super) fn was_reached(&self) -> bool {
        self.0.was_reached.load(Ordering::SeqCst)
    }

    fn set(&self, until: Instant) {
        *self.0.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

/// A part of a request's body that fails when the deadline has passed.
pub(super) struct UntilDeadline<S> {
    pub(super) bytes: S,
    pub(super) deadline: SendDeadline,
}

impl<S: Stream<Item = io::Result<Bytes>> + Unpin> Stream for UntilDeadline<S> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.bytes).poll_next(context);
        match (next, self.deadline.check()) {
            (Poll::Ready(Some(Ok(_))), Err(error)) => Poll::Ready(Some(Err(error))),
            (next, _) => next,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ends_after_the_last_renewal_or_when_the_claim_is_lost() {
        let deadline = SendDeadline::of_claim(Instant::now());
        let second = Duration::from_secs(1);
        tokio::time::advance(LEAST_SEND.saturating_sub(second)).await;
        assert!(deadline.check().is_ok());
        deadline.extend(Instant::now());
        tokio::time::advance(LONGEST_SEND.saturating_sub(second)).await;
        assert!(deadline.check().is_ok() && !deadline.was_reached());
        tokio::time::advance(second).await;
        assert!(deadline.check().is_err() && deadline.was_reached());
        let lost = SendDeadline::of_claim(Instant::now());
        lost.end();
        assert!(lost.check().is_err());
    }
}
