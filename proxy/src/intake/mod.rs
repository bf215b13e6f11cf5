//! Turns the bytes of a request into a valid submission: a strict [multipart] reader [reads](read())
//! the request, and the submission is normalized and [checked](accept()).

mod accept;
mod body;
mod content;
mod error;
mod malformed;
mod multipart;
mod normalize;
mod part_head;
mod read;
mod received;
#[cfg(test)]
mod tests;
mod unknown;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod whole;

pub(crate) use self::accept::{Submission, accept, sent_reference};
pub(crate) use self::body::RequestBody;
pub(crate) use self::error::IntakeError;
pub use self::error::TooLarge;
pub use self::malformed::Malformed;
pub(crate) use self::multipart::Boundary;
#[cfg(feature = "testing")]
pub(crate) use self::multipart::{Event, Reader};
pub(crate) use self::normalize::normalize_answer;
pub(crate) use self::read::read;
pub(crate) use self::received::Received;
