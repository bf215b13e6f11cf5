//! Why the bucket failed. S3's error messages are not passed on, because some of them contain the ID of the access key and
//! the signature.

use std::error::Error;
use std::io;

use object_store::client::{HttpError, HttpErrorKind};
use thiserror::Error;

/// Why an operation on the bucket failed. The message contains neither credentials nor signatures.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(in crate::store) enum BucketError {
    /// The settings or the environment variables do not describe a bucket.
    #[error("the settings of the bucket are wrong: {0}")]
    Settings(String),
    /// The bucket does not exist.
    #[error("the bucket does not exist: create it, or correct its name")]
    NoBucket,
    /// The object does not exist.
    #[error("the bucket does not have the file")]
    NotFound,
    /// The credentials are wrong, or do not permit the operation.
    #[error(
        "the bucket refused to {operation}: {problem}; check the S3 credentials and their permissions"
    )]
    Refused {
        /// The operation, as a verb with its object.
        operation: &'static str,
        /// The status or the code of the response.
        problem: String,
    },
    /// The bucket did not answer in time.
    #[error("the bucket did not answer in time, to {operation}")]
    TimedOut {
        /// The operation, as a verb with its object.
        operation: &'static str,
    },
    /// The bucket cannot be reached, or answered with an error.
    #[error("the bucket failed to {operation}: {problem}")]
    Failed {
        /// The operation, as a verb with its object.
        operation: &'static str,
        /// The status or the code of the response, or why there was none.
        problem: String,
    },
}

impl BucketError {
    /// Returns the error of an operation.
    pub(super) fn of(operation: &'static str, error: &object_store::Error) -> Self {
        use object_store::Error as Cause;

        match error {
            Cause::NotFound { .. } if problem(error) == "NoSuchBucket" => Self::NoBucket,
            Cause::NotFound { .. } => Self::NotFound,
            Cause::PermissionDenied { .. } | Cause::Unauthenticated { .. } => {
                Self::Refused { operation, problem: problem(error) }
            }
            _ if http_error(error).is_some_and(|http| http.kind() == HttpErrorKind::Timeout) => {
                Self::TimedOut { operation }
            }
            _ => Self::Failed { operation, problem: problem(error) },
        }
    }
}

impl From<BucketError> for io::Error {
    fn from(error: BucketError) -> Self {
        let kind = match &error {
            BucketError::NotFound => io::ErrorKind::NotFound,
            BucketError::Refused { .. } => io::ErrorKind::PermissionDenied,
            BucketError::TimedOut { .. } => io::ErrorKind::TimedOut,
            BucketError::Settings(_) | BucketError::NoBucket => io::ErrorKind::InvalidInput,
            BucketError::Failed { .. } => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}

/// Returns why there was no response, or the code or the status of the response.
fn problem(error: &object_store::Error) -> String {
    if let Some(http) = http_error(error) {
        return root(http).to_string();
    }
    let message = root(error).to_string();
    let code = between(&message, "<Code>", "</Code>").filter(|code| code.len() < 64);
    let status = between(&message, "status code: ", ":").filter(|status| status.len() < 64);
    let found = code.or(status).unwrap_or("it gave an unexpected answer");
    // Codes and statuses are words. Anything else is not one.
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || " -._".contains(letter);
    found.chars().filter(|letter| is_word(*letter)).collect()
}

fn http_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a HttpError> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Returns the first cause, such as "connection refused".
fn root<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    causes(error).last().unwrap_or(error)
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&cause| cause.source())
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(found, _)| found)
}
