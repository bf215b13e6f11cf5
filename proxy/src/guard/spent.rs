//! What counts once: challenges that were solved and answers of a captcha.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

/// More than anybody can send within a rate limit; what is beyond makes the oldest go.
const LIMIT: usize = 100_000;

/// Each proof, and the draft that it was brought with: whoever sends the same draft again, because an
/// answer was lost or something had to be corrected, need not prove anything anew.
#[derive(Debug, Default)]
pub(super) struct Spent(Mutex<HashMap<[u8; 32], Use>>);

#[derive(Debug)]
struct Use {
    /// Nothing where the draft has no name; nothing else is the same then.
    draft: Option<String>,
    until: Duration,
}

/// What is known of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Never seen.
    No,
    /// Brought with this draft before.
    SameDraft,
    /// Brought with another one.
    OtherDraft,
}

impl Spent {
    /// What is known of that proof.
    pub(super) fn find(&self, proof: &str, draft: Option<&str>, now: Duration) -> Known {
        let uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match uses.get(&key(proof)).filter(|known| known.until >= now) {
            None => Known::No,
            Some(known) if draft.is_some() && known.draft.as_deref() == draft => Known::SameDraft,
            Some(_) => Known::OtherDraft,
        }
    }

    /// Remembers the proof; false when it was brought with another draft meanwhile.
    pub(super) fn spend(
        &self,
        proof: &str,
        draft: Option<&str>,
        now: Duration,
        lifetime: Duration,
    ) -> bool {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if uses.len() >= LIMIT {
            uses.retain(|_, known| known.until >= now);
        }
        if uses.len() >= LIMIT
            && let Some(oldest) = uses.iter().min_by_key(|(_, known)| known.until)
        {
            let oldest = *oldest.0;
            uses.remove(&oldest);
        }
        let key = key(proof);
        if let Some(known) = uses.get(&key).filter(|known| known.until >= now) {
            return draft.is_some() && known.draft.as_deref() == draft;
        }
        uses.insert(key, Use { draft: draft.map(str::to_owned), until: now + lifetime });
        true
    }
}

/// A hash, so that the length of what is brought does not matter.
fn key(proof: &str) -> [u8; 32] {
    Sha256::digest(proof).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn a_proof_counts_once_but_for_the_same_draft() {
        let (spent, now) = (Spent::default(), HOUR);
        assert_eq!(spent.find("a", Some("web-1"), now), Known::No);
        assert!(spent.spend("a", Some("web-1"), now, HOUR));
        assert_eq!(spent.find("a", Some("web-1"), now), Known::SameDraft);
        assert_eq!(spent.find("a", Some("web-2"), now), Known::OtherDraft);
        assert_eq!(spent.find("a", None, now), Known::OtherDraft);
        assert!(spent.spend("a", Some("web-1"), now, HOUR));
        assert!(!spent.spend("a", Some("web-2"), now, HOUR));
        // Drafts without a name are not one.
        assert!(spent.spend("b", None, now, HOUR));
        assert!(!spent.spend("b", None, now, HOUR));
        assert_eq!(spent.find("a", Some("web-2"), now + HOUR * 2), Known::No);
    }
}
