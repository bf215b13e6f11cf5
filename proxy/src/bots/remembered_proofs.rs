//! Remembers the proofs that submissions to this process have used.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::store::{ContentDigest, DraftContent, MAX_CONTENTS, ProofDigest};

/// The maximum number of proofs to remember, far above the rate limits. Beyond this number, the proof that expires
/// first is forgotten.
const LIMIT: usize = 100_000;

/// The used proofs with their drafts. A draft can use its proof again, after a lost response or for a
/// correction.
#[derive(Debug, Default)]
pub(super) struct RememberedProofs(Mutex<HashMap<ProofDigest, UsedProof>>);

#[derive(Debug)]
struct UsedProof {
    /// The draft's reference. A submission without a reference (`None`) never belongs to this draft.
    draft: Option<String>,
    contents: Vec<ContentDigest>,
    until: Duration,
}

impl UsedProof {
    /// Returns whether the proof is valid for this content. Remembers new content, up to the limit.
    fn accept(&mut self, sent: Option<DraftContent<'_>>) -> bool {
        let Some(sent) = sent.filter(|sent| self.draft.as_deref() == Some(sent.draft)) else {
            return false;
        };
        let known = self.contents.contains(&sent.content);
        if !known && self.contents.len() < MAX_CONTENTS {
            self.contents.push(sent.content);
            return true;
        }
        known
    }
}

impl RememberedProofs {
    /// Returns whether a use of the proof is remembered.
    pub(super) fn is_used(&self, proof: ProofDigest, now: Duration) -> bool {
        let uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        uses.get(&proof).is_some_and(|known| known.until >= now)
    }

    /// Remembers the proof, and returns whether it is valid.
    pub(super) fn spend(
        &self,
        proof: ProofDigest,
        sent: Option<DraftContent<'_>>,
        now: Duration,
        lifetime: Duration,
    ) -> bool {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = uses.get_mut(&proof).filter(|known| known.until >= now) {
            return known.accept(sent);
        }
        if uses.len() >= LIMIT {
            uses.retain(|_, known| known.until >= now);
        }
        if uses.len() >= LIMIT
            && let Some(oldest) = uses.iter().min_by_key(|(_, known)| known.until)
        {
            let oldest = *oldest.0;
            uses.remove(&oldest);
        }
        let draft = sent.map(|sent| sent.draft.to_owned());
        let contents = sent.map(|sent| sent.content).into_iter().collect();
        uses.insert(proof, UsedProof { draft, contents, until: now + lifetime });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[expect(clippy::unnecessary_wraps, reason = "the tests also pass `None`")]
    fn sent(draft: &str, content: u8) -> Option<DraftContent<'_>> {
        Some(DraftContent { draft, content: ContentDigest([content; 32]) })
    }

    #[test]
    fn accepts_a_used_proof_only_for_the_same_draft() {
        let (proofs, now) = (RememberedProofs::default(), HOUR);
        let [a, b] = [1, 2].map(|byte| ProofDigest([byte; 32]));
        let (one, other, without_reference) = (sent("web-1", 1), sent("web-2", 1), None);
        assert!(!proofs.is_used(a, now));
        assert!(proofs.spend(a, one, now, HOUR));
        assert!(proofs.is_used(a, now));
        assert!(proofs.spend(a, one, now, HOUR));
        assert!(!proofs.spend(a, other, now, HOUR));
        assert!(!proofs.spend(a, without_reference, now, HOUR));
        // Two drafts without a reference are different drafts.
        assert!(proofs.spend(b, without_reference, now, HOUR));
        assert!(!proofs.spend(b, without_reference, now, HOUR));
        assert!(!proofs.is_used(a, now + HOUR * 2));
    }

    #[test]
    fn limits_the_versions_of_a_draft_per_proof() {
        let (proofs, now) = (RememberedProofs::default(), HOUR);
        let [a, b] = [1, 2].map(|byte| ProofDigest([byte; 32]));
        for content in 1..=5 {
            assert!(proofs.spend(a, sent("web-1", content), now, HOUR), "{content}");
        }
        assert!(!proofs.spend(a, sent("web-1", 6), now, HOUR));
        // Known content may be sent again until the proof expires.
        assert!(proofs.spend(a, sent("web-1", 1), now, HOUR));
        assert!(proofs.spend(b, sent("web-1", 6), now, HOUR));
    }
}
