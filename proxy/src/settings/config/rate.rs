use std::num::NonZeroU32;
use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;

/// A number of submissions per period: `"20 per min"`. They may all arrive together; after that, each has
/// to wait for its share of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Rate {
    /// The number of submissions.
    pub times: NonZeroU32,
    /// The period in which this number is allowed.
    pub within: Duration,
}

/// The text is not a rate.
#[derive(Debug, Error, PartialEq, Eq)]
#[error(
    "“{0}” is not a rate: write a number and a time, such as \"1 per s\", \"20 per min\" or \"100 per h\""
)]
pub struct RateError(String);

impl TryFrom<String> for Rate {
    type Error = RateError;

    fn try_from(text: String) -> Result<Self, RateError> {
        let read = || {
            let (times, unit) = text.split_once(" per ")?;
            let seconds = match unit {
                "s" => 1,
                "min" => 60,
                "h" => 3_600,
                _ => return None,
            };
            Some(Self { times: times.parse().ok()?, within: Duration::from_secs(seconds) })
        };
        read().ok_or(RateError(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_a_number_of_submissions_per_period() {
        let rate = |text: &str| Rate::try_from(text.to_owned());
        let expected =
            Rate { times: NonZeroU32::new(20).unwrap(), within: Duration::from_secs(60) };
        assert_eq!(rate("20 per min"), Ok(expected));
        for wrong in ["", "20", "0 per min", "20 per day", "-1 per s", "20 / min", "x per min"] {
            assert_eq!(rate(wrong), Err(RateError(wrong.to_owned())));
        }
    }
}
