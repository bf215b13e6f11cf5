use std::io;

use super::malformed::{Malformed, ReadError};
use crate::settings::config::Size;

/// Why a request could not be read to its end.
#[derive(Debug)]
pub(crate) enum IntakeError {
    /// No browser sends such a body.
    Malformed(Malformed),
    /// The submission exceeds a limit.
    TooLarge(TooLarge),
    /// The sender is silent or too slow.
    TooSlow,
    /// The files cannot be stored.
    Spool(io::Error),
}

impl From<Malformed> for IntakeError {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl From<TooLarge> for IntakeError {
    fn from(too_large: TooLarge) -> Self {
        Self::TooLarge(too_large)
    }
}

impl From<io::Error> for IntakeError {
    fn from(error: io::Error) -> Self {
        Self::Spool(error)
    }
}

/// The limit that a request exceeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TooLarge {
    /// The whole request.
    Body(Size),
    /// One text value, with the label of its field.
    Text(String),
    /// The number of values and files together.
    Parts(usize),
    /// The headers of a part, which contain the names of the field and the file.
    PartHeader,
}

impl From<ReadError> for IntakeError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Malformed(malformed) => malformed.into(),
            ReadError::HeaderTooLong => TooLarge::PartHeader.into(),
        }
    }
}
