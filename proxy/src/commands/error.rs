use std::io;

use deal_proxy::{ConfigError, DoctorError, KeyError, OpenError, StartError, StoreError};
use thiserror::Error;

/// Why a command fails.
#[derive(Debug, Error)]
pub(crate) enum CliError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What the doctor cannot begin with.
    #[error(transparent)]
    Doctor(#[from] DoctorError),
    /// The start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The spool folder with its journal.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The submissions.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A change that does not say which submissions.
    #[error("say which submissions: by references, --state, --form or --older-than")]
    Everything,
    /// Standard output, or the signals that stop the proxy.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The table of parameters.
    #[error("cannot write the table: {0}")]
    Table(#[from] serde_json::Error),
}
