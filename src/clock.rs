//! The current time and day.

use deal_contract::values::CalendarDate;
use web_sys::window;

/// Returns the milliseconds since 1970. Within a page, the value never decreases, even if the
/// device's clock is set back (W3C High Resolution Time).
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and the fraction is not needed"
)]
pub(crate) fn now() -> u64 {
    let performance = window().and_then(|window| window.performance());
    performance.map_or(0, |clock| (clock.time_origin() + clock.now()) as u64)
}

/// Today's date on the visitor's clock, in the visitor's time zone.
#[expect(clippy::disallowed_types, reason = "the only place that reads the current day")]
pub(crate) fn today() -> CalendarDate {
    let now = js_sys::Date::new_0();
    let milliseconds = now.get_time() - now.get_timezone_offset() * 60_000.0;
    let days = (milliseconds / 86_400_000.0).floor();
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "the cast saturates"
    )]
    CalendarDate::since_1970(days as i32)
}
