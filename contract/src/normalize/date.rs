//! Dates: reads them in the order of the form's language, and writes them as `YYYY-MM-DD`.

use crate::characters::{is_one_of, keyboard, map, trimmed};
use crate::messages::{primary_language, region};
use crate::template::fill;
use crate::values::CalendarDate;

/// Two-digit years up to this one belong to the 21st century, later ones to the 20th, as in POSIX
/// (`strptime`, `%y`).
const LAST_OF_THIS_CENTURY: u32 = 68;

// Taken from the short dates in CLDR 47: languages, and countries whose dates differ from those of
// their language.

const MONTH_FIRST: &str =
    "en en-AS en-GU en-MH en-MP en-PH en-PR en-UM en-US en-VI es-PA es-PR fil";

const DAY_FIRST: &str = "zh-HK zh-MO zh-SG";

const YEAR_FIRST: &str = "af ckb eu fa hu ja ko lt mn ne ps sd si sv ug zh en-CA en-ZA fr-CA";

/// Languages that write the day first, with full stops.
const STOPS: &str = "bg bs cs da de et fi hr is lv mk nb nn no pl ro ru sk sl sq sr tr uk fr-CH";

/// How a language writes a date in digits.
///
/// ```
/// use deal_contract::normalize::DateNotation;
///
/// assert_eq!(DateNotation::of("de-AT").write("30", "09", "2026"), "30.09.2026");
/// assert_eq!(DateNotation::of("en").write("30", "09", "2026"), "09/30/2026");
/// assert_eq!(DateNotation::of("en-GB").pattern("DD MM YYYY"), "DD/MM/YYYY");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateNotation(Notation);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notation {
    DayStops,
    DaySlashes,
    Month,
    Year,
}

impl DateNotation {
    /// Returns the notation for a language tag (BCP 47). As in CLDR, English without a region means
    /// US English.
    pub fn of(tag: &str) -> Self {
        let language = primary_language(tag);
        let mut key = language.to_owned();
        if let Some(region) = region(tag) {
            key.push('-');
            key.push_str(region);
        }
        let is = |list| is_one_of(list, &key) || is_one_of(list, language);
        Self(if is_one_of(MONTH_FIRST, &key) {
            Notation::Month
        } else if is(YEAR_FIRST) && !is_one_of(DAY_FIRST, &key) {
            Notation::Year
        } else if is(STOPS) {
            Notation::DayStops
        } else {
            Notation::DaySlashes
        })
    }

    /// Writes the date in the language's order, with its separators.
    pub fn write(self, day: &str, month: &str, year: &str) -> String {
        let template = match self.0 {
            Notation::DayStops => "{d}.{m}.{y}",
            Notation::DaySlashes => "{d}/{m}/{y}",
            Notation::Month => "{m}/{d}/{y}",
            Notation::Year => "{y}-{m}-{d}",
        };
        fill(template, &[("d", day), ("m", month), ("y", year)])
    }

    /// Returns the pattern for dates. `letters` are the language's letters for day, month and year.
    pub fn pattern(self, letters: &str) -> String {
        let mut letters = letters.split(' ');
        let mut next = || letters.next().unwrap_or_default();
        self.write(next(), next(), next())
    }
}

/// Rewrites a date as `YYYY-MM-DD`. Returns the trimmed text if it is not a date in this notation.
pub fn date(typed: &str, dates: DateNotation) -> String {
    let text = trimmed(&map(typed, plain));
    match read(&text, dates) {
        Some(day) => day.to_string(),
        None => text,
    }
}

fn plain(c: char) -> Option<char> {
    match c {
        // The words for year, month and day in Chinese, Japanese and Korean.
        '年' | '月' | '년' | '월' => Some('-'),
        '日' | '일' => None,
        c => keyboard(c),
    }
}

/// Returns whether the character can separate the numbers in a date.
pub(crate) fn is_separator(c: char) -> bool {
    matches!(c, '.' | '/' | '-' | ' ')
}

/// Reads three numbers in the language's order. Returns `None` if they are not a day. If the first
/// number is a four-digit year, the month is next in every language.
fn read(text: &str, dates: DateNotation) -> Option<CalendarDate> {
    let [first, second, third] = numbers(text)?;
    let (day, month, (digits, mut year)) = match dates.0 {
        _ if first.0 == 4 => (third, second, first),
        Notation::Month => (second, first, third),
        Notation::Year => (third, second, first),
        Notation::DayStops | Notation::DaySlashes => (first, second, third),
    };
    if digits == 2 {
        year = year.wrapping_add(if year > LAST_OF_THIS_CENTURY { 1900 } else { 2000 });
    }
    if !matches!(digits, 2 | 4) || day.0 > 2 || month.0 > 2 {
        return None;
    }
    let small = |number: Number| u8::try_from(number.1).ok();
    CalendarDate::new(year.try_into().ok()?, small(month)?, small(day)?).ok()
}

/// The number of digits, and their value.
type Number = (usize, u32);

/// Splits the text into three numbers. Returns `None` if it consists of anything else. The value of
/// a number with more than four digits may overflow, but is never used.
fn numbers(text: &str) -> Option<[Number; 3]> {
    let mut numbers: [Number; 3] = Default::default();
    let (mut at, mut in_number) = (0_usize, false);
    for c in text.chars() {
        let digit = c.to_digit(10);
        if let Some(digit) = digit {
            let (digits, number) = numbers.get_mut(at)?;
            *digits = digits.wrapping_add(1);
            *number = number.wrapping_mul(10).wrapping_add(digit);
        } else if is_separator(c) && (in_number || at > 0) {
            at = at.wrapping_add(usize::from(in_number));
        } else {
            // Reject other characters, and a leading separator, which could be the sign of a
            // number.
            return None;
        }
        in_number = digit.is_some();
    }
    (at.wrapping_add(usize::from(in_number)) == 3).then_some(numbers)
}
