//! Limits the submissions of each sender and each form.

use super::concurrency::PermitError;
use super::rates::Rates;
use super::sender::Sender;
use super::uploads::{Upload, Uploads};
use crate::settings::config::{Config, Limits};
use crate::settings::forms::Form;

/// The `Retry-After` in seconds for a sender that has too many uploads at the same time.
const UPLOAD_PAUSE: u64 = 10;

/// Counts submissions by sender and by form.
#[derive(Debug)]
pub(crate) struct SubmissionLimits {
    rates: Rates,
    uploads: Uploads,
}

/// Why a submission is refused for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LimitReached {
    /// The sender has sent too many submissions, or the form has received too many.
    #[error("too many submissions: try again in {seconds} s")]
    Rate {
        /// Seconds until the next one is allowed.
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

    /// Returns the same limits with other settings. Running uploads still count; the rates start from
    /// zero.
    pub(crate) fn with_config(&self, config: &Config) -> Self {
        Self { rates: Rates::new(&config.rates), uploads: self.uploads.clone() }
    }

    /// Returns the number of submissions that are being read.
    pub(crate) fn upload_count(&self) -> usize {
        self.uploads.len()
    }

    /// Takes an upload place for a submission that is about to be read.
    ///
    /// An unknown sender counts only towards the total. Otherwise, a proxy in front that does not send
    /// `X-Forwarded-For` would make all visitors one sender.
    pub(crate) fn begin_upload(
        &self,
        sender: Sender,
        limits: &Limits,
    ) -> Result<Upload, LimitReached> {
        // Check the rate first, because taking an upload place may end another sender's upload.
        self.rates.count_sender(sender).map_err(|seconds| LimitReached::Rate { seconds })?;
        let (all, each) = (limits.uploads.get(), limits.uploads_per_address.get());
        self.uploads.begin(sender, all, each).map_err(|error| match error {
            PermitError::Total => LimitReached::Uploads,
            PermitError::Sender => LimitReached::Rate { seconds: UPLOAD_PAUSE },
        })
    }

    /// Counts a submission for its form. Call this after the submission was read and its sender was
    /// checked, so that invalid requests do not use up the form's rate limit.
    pub(crate) fn count_for_form(&self, form: &Form, sender: Sender) -> Result<(), LimitReached> {
        self.rates.count_form(&form.id, sender).map_err(|seconds| LimitReached::Rate { seconds })
    }
}
