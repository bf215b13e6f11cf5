use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::code::Code;
use crate::values::CalendarDate;

/// The first or last day that a date field accepts.
///
/// Written as `2026-01-31`, `today`, `today+30d` or `today-7d`. The number of days has at most five
/// digits.
///
/// ```
/// use deal_contract::definition::DateBound;
/// use deal_contract::values::CalendarDate;
///
/// let bound: DateBound = "today+30d".parse().unwrap();
/// let today: CalendarDate = "2024-02-01".parse().unwrap();
/// assert_eq!(bound.resolve(today).to_string(), "2024-03-02");
/// assert!("tomorrow".parse::<DateBound>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateBound {
    /// A fixed day.
    Day(CalendarDate),
    /// A number of days after the current day; negative for days before it.
    Today(i32),
}

impl DateBound {
    /// Returns the day that the bound means if the current day is `today`.
    pub fn resolve(self, today: CalendarDate) -> CalendarDate {
        match self {
            Self::Day(day) => day,
            Self::Today(days) => today.plus_days(days),
        }
    }
}

impl FromStr for DateBound {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let Some(days) = text.strip_prefix("today") else { return text.parse().map(Self::Day) };
        if days.is_empty() {
            return Ok(Self::Today(0));
        }
        let digits = days.strip_prefix(['+', '-']).and_then(|digits| digits.strip_suffix('d'));
        let digits = digits.filter(|digits| {
            (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        let count: i32 = digits.ok_or(Code::DateFormat)?.parse().map_err(|_| Code::DateFormat)?;
        Ok(Self::Today(if days.starts_with('-') { -count } else { count }))
    }
}

impl Display for DateBound {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Today(0) => f.write_str("today"),
            Self::Today(days) => write!(f, "today{days:+}d"),
        }
    }
}

impl Serialize for DateBound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_fixed_dates_and_dates_relative_to_today() {
        for text in ["2026-01-31", "today", "today+30d", "today-7d", "today+99999d"] {
            assert_eq!(text.parse::<DateBound>().unwrap().to_string(), text);
        }
        assert_eq!("today-0d".parse(), Ok(DateBound::Today(0)));
        for text in ["", "Today", "today+d", "today+1", "today 1d", "today+-1d", "today+100000d"] {
            assert_eq!(text.parse::<DateBound>(), Err(Code::DateFormat), "{text}");
        }
        assert_eq!("2026-02-30".parse::<DateBound>(), Err(Code::DateDay));
    }
}
