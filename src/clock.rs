//! What time it is. Days are text and never come from here.

use web_sys::window;

/// Milliseconds since 1970. Within a page it never goes back, whatever happens to the device's
/// clock (W3C High Resolution Time).
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and the fraction is not wanted"
)]
pub(crate) fn now() -> u64 {
    let performance = window().and_then(|window| window.performance());
    performance.map_or(0, |clock| (clock.time_origin() + clock.now()) as u64)
}
