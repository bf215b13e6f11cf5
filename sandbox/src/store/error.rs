//! Why the store fails.

use thiserror::Error;

/// Why the store failed. None of it is the caller's doing.
#[derive(Debug, Error)]
pub(crate) enum StoreError {
    #[error("the database failed")]
    Database(#[from] rusqlite::Error),
    #[error("a record in the database is not readable")]
    Record(#[from] serde_json::Error),
    #[error("a file could not be read or written")]
    Disk(#[from] std::io::Error),
    #[error("the database was made by another version of the sandbox: use an empty folder")]
    OtherVersion,
}
