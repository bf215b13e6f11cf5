use std::io;

use deal_proxy::{ConfigError, DoctorError, KeyError, StartError, SubmissionsError};
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
    /// The journal.
    #[error(transparent)]
    Submissions(#[from] SubmissionsError),
    /// A change without a word about which submissions.
    #[error("say which submissions: by references, --state, --form or --older-than")]
    Everything,
    /// Standard output, or the signals that stop the proxy.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The table of parameters.
    #[error("cannot write the table: {0}")]
    Table(#[from] serde_json::Error),
}
