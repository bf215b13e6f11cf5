use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use crate::code::Code;

/// A day of the Gregorian calendar, written `YYYY-MM-DD`, without a time or time zone.
///
/// Source: the parameters `expected_closing_date` and `actual_closing_date` in the CRM's API
/// reference ("should be in the format YYYY-mm-dd"). This is a valid date string as defined in
/// WHATWG HTML, 2.3.5.2, with four digits for the year.
///
/// # Errors
/// `2020-9-30`, `30.09.2020` and `2020-09-30T00:00` are [`Code::DateFormat`]; `2023-02-29`,
/// `2023-13-01` and `0000-01-01` are [`Code::DateDay`].
///
/// ```
/// use deal_contract::values::CalendarDate;
///
/// let leap: CalendarDate = "2024-02-29".parse().unwrap();
/// assert_eq!(leap.to_string(), "2024-02-29");
/// assert!("2023-02-29".parse::<CalendarDate>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarDate {
    year: u16,
    month: u8,
    day: u8,
}

impl CalendarDate {
    /// Returns the day with this year (1 to 9999), month and day of the month.
    ///
    /// # Errors
    /// [`Code::DateDay`] if the day does not exist.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, Code> {
        if (1..=9999).contains(&year) && (1..=days_in_month(year, month)).contains(&day) {
            Ok(Self { year, month, day })
        } else {
            Err(Code::DateDay)
        }
    }

    /// Returns the year, the month, and the day of the month.
    pub const fn parts(self) -> (u16, u8, u8) {
        (self.year, self.month, self.day)
    }

    /// Returns the day that is `days` later, or earlier if `days` is negative. The result is never
    /// before the year 1 or after the year 9999.
    ///
    /// ```
    /// use deal_contract::values::CalendarDate;
    ///
    /// let day: CalendarDate = "2024-02-28".parse().unwrap();
    /// assert_eq!(day.plus_days(2).to_string(), "2024-03-01");
    /// assert_eq!(day.plus_days(i32::MAX).to_string(), "9999-12-31");
    /// ```
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        let first = Self { year: 1, month: 1, day: 1 }.number();
        let last = Self { year: 9999, month: 12, day: 31 }.number();
        Self::from_number(self.number().saturating_add(days).clamp(first, last))
    }

    /// Returns the day that is `days` after 1970-01-01, which is day 0 of Unix time.
    pub fn since_1970(days: i32) -> Self {
        Self { year: 1970, month: 1, day: 1 }.plus_days(days)
    }

    /// Returns the number of days since 0000-03-01. If years begin in March, the leap day is the
    /// last day of a year (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    fn number(self) -> i32 {
        let (month, day) = (i32::from(self.month), i32::from(self.day));
        let year = i32::from(self.year) - i32::from(month < 3);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        year * 365 + year / 4 - year / 100 + year / 400 + day_of_year
    }

    fn from_number(number: i32) -> Self {
        let (era, day) = (number / 146_097, number % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let march_based = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_based + 2) / 5 + 1;
        let month = if march_based < 10 { march_based + 3 } else { march_based - 9 };
        let year = era * 400 + year + i32::from(month < 3);
        // The conversions cannot fail, because the number is a day of the years 1 to 9999.
        let small = |number: i32| u8::try_from(number).unwrap_or(1);
        Self { year: u16::try_from(year).unwrap_or(1), month: small(month), day: small(day) }
    }
}

impl FromStr for CalendarDate {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
            return Err(Code::DateFormat);
        };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0u16, |number, byte| match byte {
                b'0'..=b'9' => Ok(number * 10 + u16::from(byte - b'0')),
                _ => Err(Code::DateFormat),
            })
        };
        let two = |digits: [u8; 2]| number(&digits).map(|n| u8::try_from(n).unwrap_or(u8::MAX));
        Self::new(number(&[y1, y2, y3, y4])?, two([m1, m2])?, two([d1, d2])?)
    }
}

impl Display for CalendarDate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { year, month, day } = self;
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Returns the number of days in the month, or 0 for a month that does not exist.
fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}
