use std::io;

use thiserror::Error;

use crate::store::error::StoreError;

/// Why the store cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The folder cannot be created or read.
    #[error("cannot use the spool folder {path}: {source}")]
    Folder {
        /// The folder.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Another proxy uses the folder.
    #[error("the spool folder {0} is in use by another proxy; give each its own by --spool")]
    InUse(String),
    /// The folder has no journal.
    #[error("there is no journal in {0}: name the proxy's spool folder by --spool or --config")]
    Missing(String),
    /// `SQLite` ignored a setting.
    #[error("SQLite refused a setting that durability depends on: {name} is {found}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// The value that it has.
        found: String,
    },
    /// The journal of a later proxy.
    #[error("the journal was written by a newer proxy (version {0}); start that one")]
    Newer(i64),
    /// The journal of an earlier proxy, which may still be running.
    #[error("the journal was written by an older proxy (version {0}); start this one first")]
    Older(i64),
    /// The rows or the files.
    #[error(transparent)]
    Store(#[from] StoreError),
}
