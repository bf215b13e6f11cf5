use thiserror::Error;

/// Why the doctor cannot check anything.
#[derive(Debug, Error)]
pub enum DoctorError {
    /// The text is not the address of a page.
    #[error("“{0}” is not the address of a page; it must begin with https:// or http://")]
    Address(String),
    /// The HTTP client cannot be created.
    #[error("cannot prepare connections: {0}")]
    Client(#[source] reqwest::Error),
}
