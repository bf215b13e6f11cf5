//! The day.

use std::time::SystemTime;

use deal_contract::values::CalendarDate;

/// Today in UTC, whatever the zone of the machine.
pub(crate) fn utc_day() -> CalendarDate {
    let since_1970 = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    CalendarDate::since_1970(i32::try_from(since_1970.as_secs() / 86_400).unwrap_or(i32::MAX))
}
