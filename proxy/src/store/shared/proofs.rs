//! The used proofs in PostgreSQL.

use std::time::Duration;

use async_trait::async_trait;
use tokio_postgres::types::Type;

use super::pool::{Parameter, Pool};
use crate::settings::clock::millis;
use crate::store::error::StoreError;
use crate::store::proofs::{DraftContent, MAX_CONTENTS, ProofDigest, ProofStore};

/// Inserts the first use of a proof, or adds the content to the earlier uses. Returns a row if the use is valid. One
/// statement decides this, so two proxies cannot accept a proof for two drafts at the same time.
const SPEND: &str = "INSERT INTO used_proofs AS known (proof, draft, contents, expires_at) \
     VALUES ($1, $2, $3, deal_proxy_now() + $4) \
     ON CONFLICT (proof) DO UPDATE SET contents = CASE WHEN known.contents @> excluded.contents \
         THEN known.contents ELSE known.contents || excluded.contents END \
     WHERE known.draft = excluded.draft \
         AND (known.contents @> excluded.contents OR cardinality(known.contents) < $5) \
     RETURNING 1";

/// The used proofs in PostgreSQL.
#[derive(Debug)]
pub(super) struct PostgresProofs {
    pool: Pool,
}

impl PostgresProofs {
    /// Uses the connections of the pool.
    pub(super) fn new(pool: Pool) -> Self {
        Self { pool }
    }
}

#[async_trait]
impl ProofStore for PostgresProofs {
    async fn is_used(&self, proof: ProofDigest) -> Result<bool, StoreError> {
        let select = "SELECT FROM used_proofs WHERE proof = $1";
        let rows = self.pool.query(select, &[(&proof.0.as_slice(), Type::BYTEA)]).await?;
        Ok(!rows.is_empty())
    }

    async fn spend(
        &self,
        proof: ProofDigest,
        sent: Option<DraftContent<'_>>,
        lifetime: Duration,
    ) -> Result<bool, StoreError> {
        let draft = sent.map(|sent| sent.draft);
        let contents: Vec<&[u8]> = sent.iter().map(|sent| sent.content.0.as_slice()).collect();
        let max_contents = i32::try_from(MAX_CONTENTS).unwrap_or(i32::MAX);
        let (proof, lifetime) = (proof.0.as_slice(), millis(lifetime));
        let parameters: [Parameter<'_>; 5] = [
            (&proof, Type::BYTEA),
            (&draft, Type::TEXT),
            (&contents, Type::BYTEA_ARRAY),
            (&lifetime, Type::INT8),
            (&max_contents, Type::INT4),
        ];
        Ok(!self.pool.change(SPEND, &parameters).await?.is_empty())
    }

    async fn prune(&self) -> Result<(), StoreError> {
        let delete = "DELETE FROM used_proofs WHERE expires_at < deal_proxy_now()";
        self.pool.change(delete, &[]).await.map(drop)
    }
}
