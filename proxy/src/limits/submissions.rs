//! How many submissions a sender and a form may send.

use super::concurrency::PermitError;
use super::rates::Rates;
use super::sender::Sender;
use super::uploads::{Upload, Uploads};
use crate::settings::config::{Config, Limits};
use crate::settings::forms::Form;

/// Seconds after which a sender with too many submissions under way may try again.
const UPLOAD_PAUSE: u64 = 10;

/// Counts submissions by sender and by form.
#[derive(Debug)]
pub(crate) struct SubmissionLimits {
    rates: Rates,
    uploads: Uploads,
}

/// Why a submission is not taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LimitReached {
    /// The sender or the form has sent too much.
    #[error("too many submissions: try again in {seconds} s")]
    Rate {
        /// Until the next one is allowed.
        seconds: u64,
    },
    /// All upload places are taken.
    #[error("all upload places are taken")]
    Uploads,
}

impl SubmissionLimits {
    pub(crate) fn new(config: &Config) -> Self {
        Self { rates: Rates::new(&config.rates), uploads: Uploads::default() }
    }

    /// Limits by other settings. Uploads under way still count; the rates start from zero.
    pub(crate) fn renewed(&self, config: &Config) -> Self {
        Self { rates: Rates::new(&config.rates), uploads: self.uploads.clone() }
    }

    /// The number of submissions that are being read.
    pub(crate) fn uploads(&self) -> usize {
        self.uploads.len()
    }

    /// Takes an upload place for a submission that is about to be read.
    ///
    /// An unknown sender counts towards the total only: otherwise a reverse proxy that does not say
    /// whom it forwards for would make all visitors one sender.
    pub(crate) fn admit(&self, sender: Sender, limits: &Limits) -> Result<Upload, LimitReached> {
        // The rate comes first: an upload place may have been taken from another sender.
        self.rates.sender(sender).map_err(|seconds| LimitReached::Rate { seconds })?;
        let (all, each) = (limits.uploads.get(), limits.uploads_per_address.get());
        self.uploads.enter(sender, all, each).map_err(|error| match error {
            PermitError::Total => LimitReached::Uploads,
            PermitError::Sender => LimitReached::Rate { seconds: UPLOAD_PAUSE },
        })
    }

    /// Counts a submission for its form after it was read and its sender checked, so that junk does
    /// not use up the form's rate.
    pub(crate) fn charge(&self, form: &Form, sender: Sender) -> Result<(), LimitReached> {
        self.rates.form(&form.id, sender).map_err(|seconds| LimitReached::Rate { seconds })
    }
}
