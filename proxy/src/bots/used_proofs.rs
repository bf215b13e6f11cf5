//! Remembers used proofs: tokens, solved challenges and captcha answers.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::draft_content::DraftContent;
use crate::store::ContentDigest;

/// The maximum number of proofs to remember, far above the rate limits. Beyond this number, the proof that expires
/// first is forgotten.
const LIMIT: usize = 100_000;

/// The maximum number of different versions that a draft may send with one proof: enough for
/// corrections before the page has another proof. Each version may replace the deal or add a note to
/// it.
const CONTENTS: usize = 5;

/// The used proofs with their drafts. A draft can use its proof again, after a lost response or for a
/// correction.
#[derive(Debug, Default)]
pub(super) struct UsedProofs(Mutex<HashMap<[u8; 32], UsedProof>>);

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
        if !known && self.contents.len() < CONTENTS {
            self.contents.push(sent.content);
            return true;
        }
        known
    }
}

impl UsedProofs {
    /// Returns whether a used proof is valid for this content too, or `None` if no use of the proof is remembered.
    pub(super) fn reuse(
        &self,
        proof: &str,
        sent: Option<DraftContent<'_>>,
        now: Duration,
    ) -> Option<bool> {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = uses.get_mut(&key(proof)).filter(|known| known.until >= now)?;
        Some(known.accept(sent))
    }

    /// Remembers the proof, and returns whether it is valid.
    pub(super) fn spend(
        &self,
        proof: &str,
        sent: Option<DraftContent<'_>>,
        now: Duration,
        lifetime: Duration,
    ) -> bool {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(proof);
        if let Some(known) = uses.get_mut(&key).filter(|known| known.until >= now) {
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
        uses.insert(key, UsedProof { draft, contents, until: now + lifetime });
        true
    }
}

/// Hashes the proof, so that a long proof takes no more memory than a short one.
fn key(proof: &str) -> [u8; 32] {
    Sha256::digest(proof).into()
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
        let (proofs, now) = (UsedProofs::default(), HOUR);
        let (one, other, without_reference) = (sent("web-1", 1), sent("web-2", 1), None);
        assert_eq!(proofs.reuse("a", one, now), None);
        assert!(proofs.spend("a", one, now, HOUR));
        assert_eq!(proofs.reuse("a", one, now), Some(true));
        assert_eq!(proofs.reuse("a", other, now), Some(false));
        assert_eq!(proofs.reuse("a", without_reference, now), Some(false));
        assert!(proofs.spend("a", one, now, HOUR));
        assert!(!proofs.spend("a", other, now, HOUR));
        // Two drafts without a reference are different drafts.
        assert!(proofs.spend("b", without_reference, now, HOUR));
        assert!(!proofs.spend("b", without_reference, now, HOUR));
        assert_eq!(proofs.reuse("a", other, now + HOUR * 2), None);
    }

    #[test]
    fn limits_the_versions_of_a_draft_per_proof() {
        let (proofs, now) = (UsedProofs::default(), HOUR);
        for content in 1..=5 {
            assert!(proofs.spend("a", sent("web-1", content), now, HOUR), "{content}");
        }
        assert!(!proofs.spend("a", sent("web-1", 6), now, HOUR));
        assert_eq!(proofs.reuse("a", sent("web-1", 6), now), Some(false));
        // Known content may be sent again until the proof expires.
        assert!(proofs.spend("a", sent("web-1", 1), now, HOUR));
        assert!(proofs.spend("b", sent("web-1", 6), now, HOUR));
    }
}
