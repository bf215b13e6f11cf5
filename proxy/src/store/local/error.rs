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
        /// The cause.
        source: io::Error,
    },
    /// Another proxy uses the folder.
    #[error(
        "the spool folder {0} is in use by another proxy; set another folder with --spool or in \
         the settings"
    )]
    InUse(String),
    /// The folder has no journal.
    #[error("the folder {0} has no journal; set the proxy's spool folder with --spool or --config")]
    Missing(String),
    /// `SQLite` ignored a setting.
    #[error("SQLite refused a setting that durability depends on: {name} is {found}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// The actual value.
        found: String,
    },
    /// The journal was written by a newer version of the program.
    #[error(
        "the journal was written by a newer version of deal-proxy (schema {0}); use that version"
    )]
    Newer(i64),
    /// The journal was written by an older version of the program, which may still be running.
    #[error(
        "the journal was written by an older version of deal-proxy (schema {0}); start the proxy \
         with this version first"
    )]
    Older(i64),
    /// The rows or the files cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
