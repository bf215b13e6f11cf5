//! The used proofs: tokens, solved challenges and captcha answers.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::timeout;
use tracing::warn;

use super::remembered_proofs::RememberedProofs;
use crate::store::{DraftContent, ProofDigest, ProofStore, StoreError};

/// How long to wait for the shared store. Without its answer, a submission continues, so this is shorter than the wait
/// for the submission itself.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The used proofs, in this process and in the store that it shares with other proxies.
///
/// If the shared store does not answer, only the uses in this process count: a proof that is used twice does less harm
/// than a refused visitor.
#[derive(Debug, Default)]
pub(super) struct UsedProofs {
    remembered: RememberedProofs,
    /// `None` if the proxy has its own store.
    shared: Option<Arc<dyn ProofStore>>,
}

impl UsedProofs {
    /// Uses the proofs that all proxies share, or only those in this process if there are none.
    pub(super) fn new(shared: Option<Arc<dyn ProofStore>>) -> Self {
        Self { remembered: RememberedProofs::default(), shared }
    }

    /// Returns whether the proof has been used.
    pub(super) async fn is_used(&self, proof: &str, now: Duration) -> bool {
        let proof = digest(proof);
        if self.remembered.is_used(proof, now) {
            return true;
        }
        let Some(shared) = &self.shared else { return false };
        answer(shared.is_used(proof)).await.unwrap_or(false)
    }

    /// Records the use of a proof, and returns whether it is valid.
    pub(super) async fn spend(
        &self,
        proof: &str,
        sent: Option<DraftContent<'_>>,
        now: Duration,
        lifetime: Duration,
    ) -> bool {
        let proof = digest(proof);
        // Ask the store first, so that this process does not remember the proof for another draft than the store.
        if let Some(shared) = &self.shared
            && answer(shared.spend(proof, sent, lifetime)).await == Some(false)
        {
            return false;
        }
        self.remembered.spend(proof, sent, now, lifetime)
    }
}

fn digest(proof: &str) -> ProofDigest {
    ProofDigest(Sha256::digest(proof).into())
}

/// Waits for the shared store. Returns `None` if it does not answer.
async fn answer(asked: impl Future<Output = Result<bool, StoreError>>) -> Option<bool> {
    let problem = match timeout(TIMEOUT, asked).await {
        Ok(Ok(answer)) => return Some(answer),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the shared store does not respond".to_owned(),
    };
    warn!(problem, "cannot look up a used proof: only its uses in this process count");
    None
}
