use std::error::Error;

use deadpool_postgres::{HookError, PoolError, TimeoutType};
use thiserror::Error;
use tokio_postgres::error::Severity;

use super::bucket_error::BucketError;
use crate::settings::config::StoreSettingsError;
use crate::store::error::StoreError;
use crate::store::local::OpenError;

/// An error of the database. It contains no values of submissions, and no part of the database's address.
#[derive(Debug, Clone, Error)]
#[error("{0}")]
pub(super) struct DatabaseError(String);

/// Why the shared store cannot be opened.
#[derive(Debug, Error)]
pub enum OpenSharedError {
    /// The database cannot be reached, or it refuses the proxy.
    #[error("cannot use the database in DEAL_PROXY_DATABASE_URL: {0}")]
    Connect(String),
    /// A setting of the database would lose submissions in a crash.
    #[error(
        "the database has {name} = {found}, so a crash could lose submissions: set {name} to {expected} for the \
         server, the database and the role"
    )]
    Setting {
        /// The setting.
        name: &'static str,
        /// The actual value.
        found: String,
        /// A value that is safe.
        expected: &'static str,
    },
    /// The server is a standby, or read-only.
    #[error("the database is read-only: DEAL_PROXY_DATABASE_URL has to name the primary server")]
    ReadOnly,
    /// The server is too old.
    #[error("the database is PostgreSQL {found}: deal-proxy needs version {needed} or later")]
    TooOld {
        /// The major version of the server.
        found: i32,
        /// The earliest major version that works.
        needed: i32,
    },
    /// The database was migrated by a newer version of the program, which this version cannot work with.
    #[error(
        "the database was migrated by a newer version of deal-proxy (schema {0}), which this version does not know; \
         use that version"
    )]
    Newer(i64),
    /// The database was migrated by an older version of the program, or by none.
    #[error(
        "the database has tables of an older version of deal-proxy (schema {0}); start the proxy with this version \
         first"
    )]
    Older(i64),
    /// The role cannot change rows.
    #[error(
        "the role in DEAL_PROXY_DATABASE_URL cannot change the table {0}: grant it SELECT, INSERT, UPDATE and DELETE \
         on all tables and USAGE and SELECT on all sequences of deal-proxy, or make it their owner"
    )]
    Privilege(String),
    /// A setting or an environment variable is missing or wrong.
    #[error(transparent)]
    Settings(#[from] StoreSettingsError),
    /// The bucket does not exist, or it refuses the proxy.
    #[error("cannot use the bucket in store.bucket: {0}")]
    Bucket(String),
    /// The folder for files that have not been uploaded yet cannot be used.
    #[error(transparent)]
    Scratch(#[from] OpenError),
    /// Rows cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BucketError> for OpenSharedError {
    fn from(error: BucketError) -> Self {
        Self::Bucket(error.to_string())
    }
}

impl DatabaseError {
    /// Creates an error with a message that contains no values.
    pub(super) fn new(message: &str) -> Self {
        Self(message.to_owned())
    }
}

impl From<tokio_postgres::Error> for DatabaseError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(of_server) = error.as_db_error() else {
            let cause = error.source().map(|cause| format!(": {cause}"));
            return Self(format!("{error}{}", cause.unwrap_or_default()));
        };
        let code = of_server.code().code();
        // The detail of an error contains values of the row. In these two classes, the message may contain them, too:
        // malformed data, and violated constraints (PostgreSQL's manual, appendix A).
        let has_values = code.starts_with("22") || code.starts_with("23");
        let message = match (has_values, of_server.constraint()) {
            (false, _) => of_server.message(),
            (true, Some(constraint)) => constraint,
            (true, None) => "a value was refused",
        };
        Self(format!("{message} (SQLSTATE {code})"))
    }
}

impl From<PoolError> for DatabaseError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
                error.into()
            }
            PoolError::PostCreateHook(HookError::Message(message)) => Self(message.into_owned()),
            PoolError::Timeout(TimeoutType::Wait) => {
                Self::new("all connections to the database are busy")
            }
            PoolError::Timeout(_) => Self::new("the database does not respond"),
            PoolError::Closed | PoolError::NoRuntimeSpecified => {
                Self::new("the connections to the database are closed")
            }
        }
    }
}

/// Converts an error of a statement that changes nothing.
pub(super) fn failed(error: impl Into<DatabaseError>) -> StoreError {
    StoreError::journal(error.into())
}

/// Converts an error of a statement that changes rows.
pub(super) fn failed_change(error: tokio_postgres::Error) -> StoreError {
    let is_certain = is_refusal(&error);
    let error = failed(error);
    if is_certain { error } else { StoreError::UncertainCommit(error.into()) }
}

/// Returns whether the server has refused the statement, so that it changed nothing. If the connection was lost, or a
/// connection pooler lost its own (class 08), the statement may still take effect.
fn is_refusal(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        error.parsed_severity() == Some(Severity::Error) && !error.code().code().starts_with("08")
    })
}
