use std::error::Error;
use std::io;
use std::sync::Arc;

use thiserror::Error;

/// Why the store failed. The causes contain no values of submissions.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The rows cannot be read or written.
    #[error("the journal failed: {0}")]
    Journal(#[source] Box<dyn Error + Send + Sync>),
    /// The files cannot be read or written.
    #[error("the spool failed: {0}")]
    Files(#[source] io::Error),
    /// A row has a value that the store never writes.
    #[error("a journal entry cannot be read: its {0} is damaged")]
    Damaged(&'static str),
    /// A row's JSON cannot be read or written.
    #[error("a journal entry cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// The commit of the change failed, and it is uncertain whether the change was made.
    #[error("it is uncertain whether the journal stored a change: {0}")]
    UncertainCommit(Arc<Self>),
    /// The store has been closed.
    #[error("the journal is closed")]
    Closed,
}

impl StoreError {
    /// Wraps an error from the engine that stores the rows.
    pub(crate) fn journal(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Journal(error.into())
    }
}
