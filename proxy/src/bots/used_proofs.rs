//! What counts once: tokens, challenges that were solved and answers of a captcha.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::draft_content::DraftContent;
use crate::store::ContentDigest;

/// More than anybody can send within a rate limit; what is beyond makes the oldest go.
const LIMIT: usize = 100_000;

/// So many contents one draft may have by one proof: more than a person corrects before the page has
/// gathered another. Each of them may become a deal that replaces the one before, or a note at it.
const CONTENTS: usize = 5;

/// Each proof, and the draft that it was brought with: whoever sends the same draft again, because an
/// answer was lost or something had to be corrected, need not prove anything anew.
#[derive(Debug, Default)]
pub(super) struct UsedProofs(Mutex<HashMap<[u8; 32], Use>>);

#[derive(Debug)]
struct Use {
    /// Nothing where the draft has no name; nothing else is the same then.
    draft: Option<String>,
    contents: Vec<ContentDigest>,
    until: Duration,
}

impl Use {
    fn counts_for(&mut self, sent: Option<DraftContent<'_>>) -> bool {
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
    /// Whether a proof that was brought before counts for that too; nothing where it never was.
    pub(super) fn again(
        &self,
        proof: &str,
        sent: Option<DraftContent<'_>>,
        now: Duration,
    ) -> Option<bool> {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = uses.get_mut(&key(proof)).filter(|known| known.until >= now)?;
        Some(known.counts_for(sent))
    }

    /// Remembers the proof, and says whether it counts.
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
            return known.counts_for(sent);
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
        uses.insert(key, Use { draft, contents, until: now + lifetime });
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

    #[expect(clippy::unnecessary_wraps, reason = "a draft with a name is one of the cases")]
    fn sent(draft: &str, content: u8) -> Option<DraftContent<'_>> {
        Some(DraftContent { draft, content: ContentDigest([content; 32]) })
    }

    #[test]
    fn a_proof_counts_once_but_for_the_same_draft() {
        let (spent, now) = (UsedProofs::default(), HOUR);
        let (one, other, nameless) = (sent("web-1", 1), sent("web-2", 1), None);
        assert_eq!(spent.again("a", one, now), None);
        assert!(spent.spend("a", one, now, HOUR));
        assert_eq!(spent.again("a", one, now), Some(true));
        assert_eq!(spent.again("a", other, now), Some(false));
        assert_eq!(spent.again("a", nameless, now), Some(false));
        assert!(spent.spend("a", one, now, HOUR));
        assert!(!spent.spend("a", other, now, HOUR));
        // Drafts without a name are not one.
        assert!(spent.spend("b", nameless, now, HOUR));
        assert!(!spent.spend("b", nameless, now, HOUR));
        assert_eq!(spent.again("a", other, now + HOUR * 2), None);
    }

    #[test]
    fn a_draft_is_corrected_some_times_by_one_proof() {
        let (spent, now) = (UsedProofs::default(), HOUR);
        for content in 1..=5 {
            assert!(spent.spend("a", sent("web-1", content), now, HOUR), "{content}");
        }
        assert!(!spent.spend("a", sent("web-1", 6), now, HOUR));
        assert_eq!(spent.again("a", sent("web-1", 6), now), Some(false));
        // What was sent before may be sent again for as long as the proof lives.
        assert!(spent.spend("a", sent("web-1", 1), now, HOUR));
        assert!(spent.spend("b", sent("web-1", 6), now, HOUR));
    }
}
