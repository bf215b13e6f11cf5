//! Formats numbers and days for a language with Unicode's CLDR, the data that browsers use for the
//! widget.

use deal_contract::values::CalendarDate;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMDE;
use icu_datetime::input::Date;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};

/// The formats of a language.
#[derive(Debug)]
pub(crate) struct Formats(Locale);

impl Formats {
    /// Returns the formats for a language tag. CLDR falls back from a region to the language, and
    /// from an unknown language to formats without words.
    pub(crate) fn of(tag: &str) -> Self {
        Self(Locale::try_from_str(tag).unwrap_or(Locale::UNKNOWN))
    }

    /// Returns the plural category of a number.
    pub(crate) fn plural_category(&self, count: usize) -> &'static str {
        let rules = PluralRules::try_new_cardinal((&self.0).into());
        match rules.map(|rules| rules.category_for(count)) {
            Ok(PluralCategory::Zero) => "zero",
            Ok(PluralCategory::One) => "one",
            Ok(PluralCategory::Two) => "two",
            Ok(PluralCategory::Few) => "few",
            Ok(PluralCategory::Many) => "many",
            Ok(PluralCategory::Other) | Err(_) => "other",
        }
    }

    /// Formats a number that is given in digits with a full stop.
    pub(crate) fn number(&self, digits: &str) -> String {
        let formatter =
            DecimalFormatter::try_new((&self.0).into(), DecimalFormatterOptions::default());
        match (formatter, Decimal::try_from_str(digits)) {
            (Ok(formatter), Ok(number)) => formatter.format(&number).to_string(),
            _ => digits.to_owned(),
        }
    }

    /// Formats a day as a long date, such as “Saturday, January 31, 2026”, or as `YYYY-MM-DD` if CLDR
    /// does not know the language.
    pub(crate) fn day(&self, day: CalendarDate) -> String {
        let unknown = long_date(&Locale::UNKNOWN, day);
        let known = long_date(&self.0, day).filter(|text| Some(text) != unknown.as_ref());
        known.unwrap_or_else(|| day.to_string())
    }
}

fn long_date(locale: &Locale, day: CalendarDate) -> Option<String> {
    let formatter = FixedCalendarDateTimeFormatter::try_new(locale.into(), YMDE::long()).ok()?;
    let (year, month, day) = day.parts();
    let date = Date::try_new_gregorian(year.into(), month, day).ok()?;
    Some(formatter.format(&date).to_string())
}
