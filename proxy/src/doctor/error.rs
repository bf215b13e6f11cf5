use thiserror::Error;

/// Why nothing can be looked at.
#[derive(Debug, Error)]
pub enum DoctorError {
    /// The address.
    #[error("“{0}” is no web address: write it with its https://")]
    Address(String),
    /// Connections.
    #[error("cannot prepare connections: {0}")]
    Client(#[source] reqwest::Error),
}
