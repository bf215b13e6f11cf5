//! Stops retries while the CRM rejects the proxy's address or key.
//!
//! A 403 may mean a wrong key, and then no deal gets through until somebody corrects it: asking again and again only
//! fills logs, or locks the account. But a firewall before the CRM gives the same answer to one submission whose words it
//! dislikes, and a stranger must not stop all deals with that. So a submission that was rejected in this way is a suspect
//! and waits, and a first attempt never does. Once another deal gets through, address and key are right, and a submission
//! that is rejected again is the cause itself.

use std::collections::HashSet;
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::Instant;

/// The number of suspects from which on all retries wait: it is likely that all would be rejected.
const MANY: usize = 3;

/// The submissions that were rejected because of address or key.
#[derive(Debug)]
pub(super) struct CircuitBreaker {
    /// How often one of the waiting submissions may probe the CRM.
    probe_interval: Duration,
    /// Rejected since a deal last got through.
    suspects: HashSet<Reference>,
    /// Rejected before a deal got through.
    to_blame: HashSet<Reference>,
    next_probe: Option<Instant>,
}

/// The cause of a rejection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// The submission: others get through.
    Submission,
    /// Perhaps address or key.
    Credentials {
        /// Whether this has just become likely.
        is_news: bool,
    },
}

impl CircuitBreaker {
    pub(super) fn new(probe_interval: Duration) -> Self {
        Self {
            probe_interval,
            suspects: HashSet::new(),
            to_blame: HashSet::new(),
            next_probe: None,
        }
    }

    /// The CRM rejected a submission because of address or key.
    pub(super) fn record_rejection(&mut self, reference: &Reference, now: Instant) -> Cause {
        if self.to_blame.contains(reference) {
            return Cause::Submission;
        }
        let is_new = self.suspects.insert(reference.clone());
        self.next_probe.get_or_insert(now + self.probe_interval);
        Cause::Credentials { is_news: is_new && self.suspects.len() == MANY }
    }

    /// A deal got through. Returns whether there were suspects.
    pub(super) fn record_success(&mut self) -> bool {
        self.next_probe = None;
        let had_suspects = !self.suspects.is_empty();
        self.to_blame.extend(self.suspects.drain());
        had_suspects
    }

    /// The submission was settled or replaced.
    pub(super) fn forget(&mut self, reference: &Reference) {
        self.suspects.remove(reference);
        self.to_blame.remove(reference);
        if self.suspects.is_empty() {
            self.next_probe = None;
        }
    }

    /// Until when a retry has to wait; none if it need not wait.
    pub(super) fn blocked_until(&self, reference: &Reference) -> Option<Instant> {
        let is_blocked = self.suspects.len() >= MANY || self.suspects.contains(reference);
        self.next_probe.filter(|_| is_blocked)
    }

    pub(super) fn is_suspect(&self, reference: &Reference) -> bool {
        self.suspects.contains(reference)
    }

    /// One of the waiting submissions probes the CRM now, and the others go on waiting.
    pub(super) fn begin_probe(&mut self, now: Instant) {
        self.next_probe = Some(now + self.probe_interval);
    }

    pub(super) fn has_suspects(&self) -> bool {
        !self.suspects.is_empty()
    }
}
