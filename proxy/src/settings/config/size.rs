use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::time::Duration;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer};
use thiserror::Error;

/// A number of bytes: `512`, `"8 kB"`, `"102 MB"`. Units are decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

/// A duration: `"500 ms"`, `"30 s"`, `"2 min"`, `"6 h"`, `"30 d"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

impl Size {
    fn parse(text: &str) -> Option<Self> {
        let (number, unit) = number_and_unit(text)?;
        let factor = match unit {
            "B" => 1,
            "kB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            _ => return None,
        };
        number.checked_mul(factor).map(Self)
    }

    /// Returns the number of bytes as `usize`.
    pub(crate) fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl Span {
    fn parse(text: &str) -> Option<Self> {
        let (number, unit) = number_and_unit(text)?;
        let seconds = |factor| number.checked_mul(factor).map(Duration::from_secs);
        let span = match unit {
            "ms" => Duration::from_millis(number),
            "s" => seconds(1)?,
            "min" => seconds(60)?,
            "h" => seconds(60 * 60)?,
            "d" => seconds(24 * 60 * 60)?,
            _ => return None,
        };
        (!span.is_zero()).then_some(Self(span))
    }
}

/// The text is not a duration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "“{0}” is not a duration: write a number and a unit, such as \"500 ms\", \"30 s\", \"2 min\", \"6 h\" \
     or \"30 d\""
)]
pub struct SpanError(String);

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        Self::parse(text).ok_or_else(|| SpanError(text.to_owned()))
    }
}

impl Display for Size {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&deal_contract::attachments::size_text(self.0))
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Sizes;
        impl Visitor<'_> for Sizes {
            type Value = Size;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("a number of bytes, or a size such as \"8 kB\" or \"102 MB\"")
            }

            fn visit_i64<E: serde::de::Error>(self, bytes: i64) -> Result<Size, E> {
                u64::try_from(bytes).map(Size).map_err(|_| E::custom("a size must not be negative"))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Size, E> {
                Size::parse(text).ok_or_else(|| {
                    E::custom(format!(
                        "“{text}” is not a size: write a number of bytes, or a size such as \"8 kB\" or \
                         \"102 MB\""
                    ))
                })
            }
        }
        deserializer.deserialize_any(Sizes)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text.strip_suffix(digits)?.parse().ok()?;
    Some((number, digits.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_sizes_with_decimal_units() {
        assert_eq!(Size::parse("8 kB"), Some(Size(8_000)));
        assert_eq!(Size::parse("102MB"), Some(Size(102_000_000)));
        for wrong in ["", "MB", "8", "8 KiB", "-8 kB", "1.5 MB", "99999999999999999999 B"] {
            assert_eq!(Size::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn parses_durations_and_rejects_zero() {
        assert_eq!(Span::parse("30 s"), Some(Span(Duration::from_secs(30))));
        assert_eq!(Span::parse("2 min"), Some(Span(Duration::from_secs(120))));
        assert_eq!(Span::parse("30 d"), Some(Span(Duration::from_secs(2_592_000))));
        for wrong in ["", "0 s", "30", "s", "1 week", "99999999999999999 d"] {
            assert_eq!(Span::parse(wrong), None, "{wrong}");
        }
    }
}
