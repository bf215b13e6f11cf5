//! Stops retries while the CRM rejects the proxy's address or key.
//!
//! A 403 may mean a wrong key. Then all deals fail until the operator corrects the key, and retries only fill logs or
//! lock the account. But a firewall in front of the CRM may also respond with 403 because of certain words in a deal,
//! and a stranger must not be able to stop all deals with such words. So a submission that was rejected in this way
//! becomes a suspect and waits. At intervals, one waiting submission is sent as a probe. First attempts never wait.
//! When another deal is delivered, the address and the key must be right. If a suspect is rejected again after that,
//! the suspect itself is the cause.

use std::collections::HashSet;
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::Instant;

/// With this many suspects, the circuit breaker opens and all retries wait: the CRM would probably reject them all.
const SUSPECT_LIMIT: usize = 3;

/// The submissions that the CRM rejected as if the address or the key were wrong.
#[derive(Debug)]
pub(super) struct CircuitBreaker {
    /// The time between probes.
    probe_interval: Duration,
    /// Submissions that were rejected since the last deal was delivered.
    suspects: HashSet<Reference>,
    /// Submissions that were rejected before the last deal was delivered.
    former_suspects: HashSet<Reference>,
    next_probe: Option<Instant>,
}

/// The probable cause of a rejection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// The submission itself, because other submissions are delivered.
    Submission,
    /// The address or the key.
    Credentials {
        /// Whether this rejection opened the circuit breaker.
        opened: bool,
    },
}

impl CircuitBreaker {
    pub(super) fn new(probe_interval: Duration) -> Self {
        Self {
            probe_interval,
            suspects: HashSet::new(),
            former_suspects: HashSet::new(),
            next_probe: None,
        }
    }

    /// Records that the CRM rejected a submission as if the address or the key were wrong.
    pub(super) fn record_rejection(&mut self, reference: &Reference, now: Instant) -> Cause {
        if self.former_suspects.contains(reference) {
            return Cause::Submission;
        }
        let is_new = self.suspects.insert(reference.clone());
        self.next_probe.get_or_insert(now + self.probe_interval);
        Cause::Credentials { opened: is_new && self.suspects.len() == SUSPECT_LIMIT }
    }

    /// Records that the address and the key work. Returns whether there were suspects before.
    pub(super) fn record_success(&mut self) -> bool {
        self.next_probe = None;
        let had_suspects = !self.suspects.is_empty();
        self.former_suspects.extend(self.suspects.drain());
        had_suspects
    }

    /// Removes a submission that was settled or replaced.
    pub(super) fn remove(&mut self, reference: &Reference) {
        self.suspects.remove(reference);
        self.former_suspects.remove(reference);
        if self.suspects.is_empty() {
            self.next_probe = None;
        }
    }

    /// Returns the time of the next probe if a retry of this submission must wait for the probe, or `None` if the retry
    /// need not wait.
    pub(super) fn blocked_until(&self, reference: &Reference) -> Option<Instant> {
        let is_blocked = self.suspects.len() >= SUSPECT_LIMIT || self.suspects.contains(reference);
        self.next_probe.filter(|_| is_blocked)
    }

    pub(super) fn is_suspect(&self, reference: &Reference) -> bool {
        self.suspects.contains(reference)
    }

    /// Records that a probe begins. The other blocked retries wait for the next probe.
    pub(super) fn begin_probe(&mut self, now: Instant) {
        self.next_probe = Some(now + self.probe_interval);
    }

    pub(super) fn has_suspects(&self) -> bool {
        !self.suspects.is_empty()
    }
}
