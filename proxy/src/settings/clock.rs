//! The wall clock.

use std::fmt::{self, Debug, Display, Formatter};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use deal_contract::values::CalendarDate;

/// A time on the wall clock, in milliseconds since 1970. Use it only for times that outlive the
/// process. Waits use the monotonic clock, because the wall clock may jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) i64);

/// A source of the time: the system or a test.
#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> Moment + Send + Sync>);

impl Clock {
    /// Returns the system's clock.
    pub(crate) fn system() -> Self {
        Self::new(Moment::now)
    }

    /// Creates a clock that shows the times that the function returns.
    pub(crate) fn new(now: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> Moment {
        (self.0)()
    }
}

impl Debug for Clock {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now().0).finish()
    }
}

impl Moment {
    pub(crate) fn now() -> Self {
        Self(millis(SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default()))
    }

    pub(crate) fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(millis(time)))
    }

    pub(crate) fn minus(self, time: Duration) -> Self {
        Self(self.0.saturating_sub(millis(time)))
    }

    /// Returns the time since `earlier`, or zero if the clock was set back.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// Writes RFC 3339 in UTC, in whole seconds.
impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let seconds = self.0.div_euclid(1000);
        let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let day = CalendarDate::since_1970(i32::try_from(days).unwrap_or(i32::MAX));
        write!(f, "{day}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
    }
}

/// Converts a duration to milliseconds, as the journal stores it.
pub(crate) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// Returns today's date in UTC.
pub(crate) fn utc_day() -> CalendarDate {
    let since_1970 = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    CalendarDate::since_1970(i32::try_from(since_1970.as_secs() / 86_400).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_a_moment_as_rfc_3339() {
        assert_eq!(Moment(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Moment(1_790_000_000_999).to_string(), "2026-09-21T14:13:20Z");
    }

    #[test]
    fn the_time_since_a_later_moment_is_zero() {
        let (early, late) = (Moment(1_000), Moment(2_500));
        assert_eq!(late.since(early), Duration::from_millis(1_500));
        assert_eq!(early.since(late), Duration::ZERO);
    }
}
