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
use self::pool::Pool;
pub(super) use self::submissions::PostgresSubmissions;
use crate::settings::database_url::DatabaseUrl;
use crate::store::error::StoreError;

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
