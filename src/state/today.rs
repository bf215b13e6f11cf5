use deal_contract::values::CalendarDate;

/// The day that the visitor's clock shows.
#[expect(clippy::disallowed_types, reason = "the one place that asks what day it is")]
pub(crate) fn today() -> CalendarDate {
    let now = js_sys::Date::new_0();
    let milliseconds = now.get_time() - now.get_timezone_offset() * 60_000.0;
    let days = (milliseconds / 86_400_000.0).floor();
    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "it saturates")]
    CalendarDate::since_1970(days as i32)
}
