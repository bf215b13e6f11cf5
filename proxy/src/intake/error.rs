use std::io;

use super::malformed::{Malformed, ReadError};
use crate::settings::config::Size;

/// Why a request was not read to its end.
#[derive(Debug)]
pub(crate) enum IntakeError {
    /// No form sends this.
    Malformed(Malformed),
    /// More than one submission may be.
    TooLarge(TooLarge),
    /// The sender fell silent.
    Silent,
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

/// The limit that a request goes beyond.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TooLarge {
    /// The whole request.
    Body(Size),
    /// One text value, with its field's label.
    Text(String),
    /// Values and files together.
    Parts(usize),
    /// A part's header, which holds the name of field and file.
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
