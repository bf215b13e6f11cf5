//! The used proofs of proxies that share a store: tokens, solved challenges and captcha answers.
//!
//! A proxy with its own store keeps its used proofs in memory.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

use super::content::ContentDigest;
use super::error::StoreError;

/// The maximum number of different versions that a draft may send with one proof: enough for
/// corrections before the page has another proof. Each version may replace the deal or add a note to
/// it.
pub(crate) const MAX_CONTENTS: usize = 5;

/// A draft and its current content. A proof is valid for one draft only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DraftContent<'a> {
    /// The draft's reference.
    pub(crate) draft: &'a str,
    /// The digest of its answers and files.
    pub(crate) content: ContentDigest,
}

/// The SHA-256 digest of a proof. A long proof takes no more space than a short one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ProofDigest(pub(crate) [u8; 32]);

/// The used proofs of all proxies that share a store.
#[async_trait]
pub(crate) trait ProofStore: Debug + Send + Sync {
    /// Returns whether the proof has been used.
    async fn is_used(&self, proof: ProofDigest) -> Result<bool, StoreError>;

    /// Records the use of a proof, and returns whether it is valid: a draft can use its proof again, for at most
    /// [`MAX_CONTENTS`] different contents. `sent` is `None` for a submission without a reference, which cannot use a
    /// proof a second time. The use is remembered at least for `lifetime` after the first one.
    async fn spend(
        &self,
        proof: ProofDigest,
        sent: Option<DraftContent<'_>>,
        lifetime: Duration,
    ) -> Result<bool, StoreError>;

    /// Removes the proofs whose lifetime has ended.
    async fn prune(&self) -> Result<(), StoreError>;
}
