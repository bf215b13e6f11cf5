//! The store that several proxies share: rows in PostgreSQL, files in an S3 bucket.

mod bucket;
mod bucket_client;
mod bucket_error;
mod bucket_metrics;
#[cfg(test)]
mod bucket_tests;
mod changes;
mod error;
mod file_sets;
#[cfg(test)]
mod file_tests;
mod files;
mod pool;
mod proofs;
mod quota;
mod schema;
mod server;
mod sql;
mod submissions;
#[cfg(test)]
mod tests;
mod upload;

#[cfg(test)]
pub(super) use self::bucket_tests::bucket;
pub use self::error::OpenSharedError;
pub(super) use self::files::SharedFiles;
use std::sync::Arc;

use tracing::error;

use self::bucket::Bucket;
use self::bucket_error::BucketError;
use self::bucket_metrics::BucketMetrics;
use self::pool::Pool;
use self::proofs::PostgresProofs;
pub(super) use self::submissions::PostgresSubmissions;
use crate::settings::clock::Clock;
use crate::settings::config::{Config, StoreSettingsError};
use crate::settings::database_url::DatabaseUrl;
use crate::store::error::StoreError;
use crate::store::local::LocalFiles;
use crate::store::owner::Store;

impl Store {
    /// Opens the store that several proxies share. Files arrive in the spool folder of this proxy.
    ///
    /// If the bucket cannot be reached now, submissions without files are still possible.
    pub(crate) async fn open_shared(
        config: &Config,
        database: &DatabaseUrl,
        clock: Clock,
    ) -> Result<Self, OpenSharedError> {
        let submissions = PostgresSubmissions::open(database).await?;
        let bucket = Bucket::new(&config.store, None, BucketMetrics::default())?;
        match bucket.check().await {
            Err(BucketError::Failed { operation, problem }) => {
                error!(operation, problem, "cannot reach the bucket for files");
            }
            Err(BucketError::TimedOut { operation }) => {
                error!(operation, "the bucket for files does not respond");
            }
            checked => checked?,
        }
        let floor = config.limits.disk_floor.0;
        let files = SharedFiles::open(&config.spool, floor, clock, &submissions, bucket)?;
        let proofs = PostgresProofs::new(submissions.pool.clone());
        Ok(Self::new(Arc::new(submissions), Arc::new(files)).with_proofs(Arc::new(proofs)))
    }

    /// Opens the shared store for the operator, while the proxies run. Does not migrate the database.
    ///
    /// # Errors
    /// If the database or the bucket cannot be used, or the environment has no address or credentials.
    pub async fn open_shared_for_operator(config: &Config) -> Result<Self, OpenSharedError> {
        config.check_store()?;
        config.store.check_env()?;
        let database = DatabaseUrl::from_env().map_err(StoreSettingsError::from)?;
        let (client, connection) = pool::connect(&database).await?;
        let connection = tokio::spawn(connection);
        server::check(&client).await?;
        schema::check(&client).await?;
        drop(client);
        let _ = connection.await;
        let submissions = PostgresSubmissions::connect_later(&database)?;
        let bucket = Bucket::new(&config.store, None, BucketMetrics::default())?;
        let scratch = LocalFiles::open_unlocked(&config.spool, Clock::system());
        let files = SharedFiles::with_scratch(scratch, &submissions, bucket);
        Ok(Self::new(Arc::new(submissions), Arc::new(files)))
    }
}

impl PostgresSubmissions {
    /// Connects to the database, checks it, and applies the missing migrations.
    ///
    /// # Errors
    /// If the database cannot be reached, could lose submissions, or belongs to a newer version of the program.
    pub(in crate::store) async fn open(address: &DatabaseUrl) -> Result<Self, OpenSharedError> {
        let (mut client, connection) = pool::connect(address).await?;
        // The task ends when `client` is dropped.
        let connection = tokio::spawn(connection);
        server::check(&client).await?;
        schema::migrate(&mut client).await?;
        drop(client);
        let _ = connection.await;
        Ok(Self::connect_later(address)?)
    }

    /// Prepares the connections to a database that has been checked. The first change or query opens one.
    pub(in crate::store) fn connect_later(address: &DatabaseUrl) -> Result<Self, StoreError> {
        Self::new(Pool::new(address)?)
    }
}
