//! Limits for connections, uploads and submissions of each sender, and for submissions of each form.

mod concurrency;
mod form_rate;
mod rates;
mod sender;
mod submissions;
mod uploads;

pub(crate) use self::concurrency::ConcurrencyLimit;
pub(crate) use self::sender::{Peer, Sender, is_trusted};
pub(crate) use self::submissions::{LimitReached, SubmissionLimits};
pub(crate) use self::uploads::Upload;
