use std::sync::Arc;

use thiserror::Error;

/// Why the journal failed. The causes name no value of a submission.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The database.
    #[error("the journal failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// The disk.
    #[error("the journal failed: {0}")]
    Disk(#[from] std::io::Error),
    /// A row that cannot be read back.
    #[error("an entry of the journal cannot be read: its {0} is damaged")]
    Row(&'static str),
    /// JSON that cannot be read back or written.
    #[error("an entry of the journal cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// A setting on which safety rests did not take.
    #[error("the journal's disk or file system does not do: {name} is {found}")]
    Pragma {
        /// The setting.
        name: &'static str,
        /// What it is.
        found: String,
    },
    /// A file of a later proxy.
    #[error("the journal was written by a newer proxy (version {0}); start that one")]
    Newer(i64),
    /// A file of an earlier proxy, which may still be running.
    #[error("the journal was written by an older proxy (version {0}); start this one first")]
    Older(i64),
    /// The commit that the change was a part of.
    #[error(transparent)]
    Commit(Arc<Self>),
    /// The writer is gone.
    #[error("the journal is closed")]
    Closed,
}
