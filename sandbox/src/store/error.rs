//! The errors that the store returns.

use thiserror::Error;

/// Why the store failed.
#[derive(Debug, Error)]
pub(crate) enum StoreError {
    #[error("the database failed")]
    Database(#[from] rusqlite::Error),
    #[error("cannot read a record in the database")]
    Record(#[from] serde_json::Error),
    #[error("cannot read or write a file")]
    Disk(#[from] std::io::Error),
    #[error("another version of the sandbox created this database: use an empty folder")]
    OtherVersion,
}
