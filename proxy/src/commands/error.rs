use std::io;

use deal_proxy::{
    ConfigError, DoctorError, KeyError, OpenError, ReloadError, StartError, StoreError,
    StoreSettingsError,
};
use thiserror::Error;

/// Why a command fails.
#[derive(Debug, Error)]
pub(crate) enum CliError {
    /// The settings are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The API key is missing or malformed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The doctor cannot check the address.
    #[error(transparent)]
    Doctor(#[from] DoctorError),
    /// The proxy cannot start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The proxy cannot reload its settings.
    #[error(transparent)]
    Reload(#[from] ReloadError),
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The settings of the store are wrong.
    #[error(transparent)]
    StoreSettings(#[from] StoreSettingsError),
    /// The shared store cannot be opened.
    #[cfg(feature = "shared")]
    #[error(transparent)]
    OpenShared(#[from] deal_proxy::OpenSharedError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The command would change all submissions.
    #[error("select submissions by reference, --state, --form or --older-than")]
    NoSelection,
    /// Standard output or the signal handlers failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The output cannot be written as JSON.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
}
