//! The wait before the next attempt.

use std::time::{Duration, SystemTime};

use axum::http::{HeaderMap, header};

use crate::settings::config::DeliveryRules;

/// The longest wait that the CRM can ask for. A longer `Retry-After` is probably a mistake.
const RETRY_AFTER_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// How fast attempts follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// The CRM does not have the deal.
    Normal,
    /// The CRM may have the deal, and each call adds notes and files again; or the CRM rejects only this deal. The
    /// waits double up to a higher limit.
    Slow,
}

/// Returns the wait after this number of attempts. `retry_after` is the wait that the CRM asked for.
///
/// The wait doubles up to the configured limit. A random time of up to a quarter of the wait is added, so that
/// submissions that failed together are not retried together. The wait is at least `retry_after`, but the CRM can ask
/// for at most a day.
pub(super) fn wait(
    rules: &DeliveryRules,
    pace: Pace,
    attempts: u32,
    retry_after: Option<Duration>,
    random: u64,
) -> Duration {
    let factor = 1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
    let longest = match pace {
        Pace::Normal => rules.retry_longest.0,
        Pace::Slow => rules.retry_longest.0.max(rules.give_up.0 / 24),
    };
    let wait = rules.retry_first.0.saturating_mul(factor).min(longest);
    let quarter = u64::try_from(wait.as_millis() / 4).unwrap_or(u64::MAX);
    let jitter = Duration::from_millis(random.checked_rem(quarter + 1).unwrap_or(0));
    let least = retry_after.unwrap_or_default().min(RETRY_AFTER_LIMIT);
    wait.saturating_add(jitter).max(least)
}

/// Parses the wait in a `Retry-After` header, given in seconds or as a date (RFC 9110 10.2.3). Returns `None` if the
/// header is missing or invalid.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    // Dates have no fractions of a second. Add a second, so that the wait is not too short.
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).map_or(Duration::ZERO, |wait| wait + Duration::from_secs(1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wait(
        rules: &DeliveryRules,
        attempts: u32,
        retry_after: Option<Duration>,
        random: u64,
    ) -> Duration {
        super::wait(rules, Pace::Normal, attempts, retry_after, random)
    }

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn doubles_the_wait_up_to_the_maximum() {
        let rules = DeliveryRules::default();
        let waits: Vec<u64> =
            (1..=12).map(|attempts| wait(&rules, attempts, None, 0).as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        assert_eq!(wait(&rules, u32::MAX, None, 0), seconds(900));
    }

    #[test]
    fn calls_the_crm_less_often_if_it_may_have_the_deal() {
        let rules = DeliveryRules::default();
        let attempts = |pace| {
            let waits = (1..).map(|attempts| super::wait(&rules, pace, attempts, None, 0));
            let sums = waits.scan(Duration::ZERO, |sum, wait| {
                *sum += wait;
                Some(*sum)
            });
            sums.take_while(|sum| *sum <= rules.give_up.0).count()
        };
        assert_eq!((attempts(Pace::Normal), attempts(Pace::Slow)), (295, 35));
    }

    #[test]
    fn waits_as_long_as_the_crm_asks_up_to_a_day() {
        let rules = DeliveryRules::default();
        assert_eq!(wait(&rules, 1, Some(seconds(1)), 0), seconds(2));
        assert_eq!(wait(&rules, 1, Some(seconds(7_200)), 0), seconds(7_200));
        assert_eq!(wait(&rules, 1, Some(Duration::MAX), 0), RETRY_AFTER_LIMIT);
    }

    proptest! {
        #[test]
        fn adds_a_random_delay_of_up_to_a_quarter(
            attempts in 0_u32..40, random in any::<u64>(), retry_after in proptest::option::of(0_u64..9_000),
        ) {
            let (rules, retry_after) = (DeliveryRules::default(), retry_after.map(seconds));
            let (least, with) = (wait(&rules, attempts, None, 0), wait(&rules, attempts, retry_after, random));
            prop_assert!(with >= least && with >= retry_after.unwrap_or_default());
            prop_assert!(with <= (least + least / 4).max(retry_after.unwrap_or_default()));
        }
    }

    #[track_caller]
    fn check(header: &str, expected: Option<u64>) {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let headers = HeaderMap::from_iter([(header::RETRY_AFTER, header.parse().unwrap())]);
        assert_eq!(retry_after(&headers, now), expected.map(seconds), "{header}");
    }

    #[test]
    fn reads_retry_after_in_seconds_and_as_a_date() {
        check("120", Some(120));
        check("0", Some(0));
        check("Sun, 06 Nov 1994 08:51:37 GMT", Some(121));
        check("Sunday, 06-Nov-94 08:51:37 GMT", Some(121));
        check("Sun Nov  6 08:51:37 1994", Some(121));
        check("Sun, 06 Nov 1994 08:00:00 GMT", Some(0));
        check("soon", None);
        check("-5", None);
        check("1.5", None);
        assert_eq!(retry_after(&HeaderMap::new(), SystemTime::UNIX_EPOCH), None);
    }
}
