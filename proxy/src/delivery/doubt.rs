//! Whether the proxy's own address and key are to blame when the CRM says so.
//!
//! A 403 may mean a wrong key, and then no deal gets through until somebody mends it: asking again
//! and again only fills logs, or locks the account. But a firewall before the CRM says the same to
//! one submission whose words it dislikes, and a stranger must not stop everybody's deals with that.
//! So what was answered in this way is a suspect and waits, and a first attempt never does. Once
//! something gets through, address and key are right: whoever is answered so again is alone to blame.

use std::collections::HashSet;
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::Instant;

/// So many suspects make it likely that all would be told the same: from then on everything waits
/// that has had its first attempt.
const MANY: usize = 3;

/// What is known of it.
#[derive(Debug)]
pub(super) struct Doubt {
    /// How often one of those who wait may find out.
    every: Duration,
    /// Answered so, and nothing got through since.
    suspects: HashSet<Reference>,
    /// Answered so before something got through.
    to_blame: HashSet<Reference>,
    next: Option<Instant>,
}

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blame {
    /// The submission's own: others get through.
    Submission,
    /// Perhaps the proxy's.
    Proxy {
        /// Whether it has just become likely.
        news: bool,
    },
}

impl Doubt {
    pub(super) fn new(every: Duration) -> Self {
        Self { every, suspects: HashSet::new(), to_blame: HashSet::new(), next: None }
    }

    /// The CRM says that address or key are wrong.
    pub(super) fn arise(&mut self, reference: &Reference, now: Instant) -> Blame {
        if self.to_blame.contains(reference) {
            return Blame::Submission;
        }
        let new = self.suspects.insert(reference.clone());
        self.next.get_or_insert(now + self.every);
        Blame::Proxy { news: new && self.suspects.len() == MANY }
    }

    /// Something got through. True when that was in doubt.
    pub(super) fn settle(&mut self) -> bool {
        self.next = None;
        let doubted = !self.suspects.is_empty();
        self.to_blame.extend(self.suspects.drain());
        doubted
    }

    /// Nobody asks about it any more.
    pub(super) fn forget(&mut self, reference: &Reference) {
        self.suspects.remove(reference);
        self.to_blame.remove(reference);
        if self.suspects.is_empty() {
            self.next = None;
        }
    }

    /// Until when something waits that is tried again; none when it need not.
    pub(super) fn holds(&self, reference: &Reference) -> Option<Instant> {
        let held = self.suspects.len() >= MANY || self.suspects.contains(reference);
        self.next.filter(|_| held)
    }

    pub(super) fn suspects(&self, reference: &Reference) -> bool {
        self.suspects.contains(reference)
    }

    /// One of those who wait finds out now, and the others wait on.
    pub(super) fn probe(&mut self, now: Instant) {
        self.next = Some(now + self.every);
    }

    pub(super) fn is_raised(&self) -> bool {
        !self.suspects.is_empty()
    }
}
