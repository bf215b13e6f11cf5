//! When a page was opened: a signed note that it brings back.

use std::time::Duration;

use super::secret::Secret;
use super::suspicion::BotSuspicion;

/// Nobody fills in a form faster.
const AT_LEAST: Duration = Duration::from_secs(3);

/// A page may be open as long as a draft is kept in the browser.
pub(super) const AT_MOST: Duration = Duration::from_secs(24 * 60 * 60);

const PURPOSE: &str = "token";

/// A token for a page that is opened now. `random` distinguishes it from those of other pages that
/// are opened at the same time.
pub(super) fn fresh(secret: &Secret, form: &str, random: &str, now: Duration) -> String {
    write(secret, form, random, now)
}

/// A token for somebody who has filled the form in already and gets it back.
pub(super) fn ripe(secret: &Secret, form: &str, random: &str, now: Duration) -> String {
    write(secret, form, random, now.saturating_sub(AT_LEAST))
}

/// The seconds before which a form with a fresh token does not count as filled in.
pub(super) fn seconds_at_least() -> u64 {
    AT_LEAST.as_secs()
}

fn write(secret: &Secret, form: &str, random: &str, opened: Duration) -> String {
    let opened = opened.as_millis().to_string();
    let signature = secret.sign(PURPOSE, &[form, &opened, random]);
    format!("{opened}.{random}.{signature}")
}

/// Whether the page was open for a time in which a person can have filled it in.
pub(super) fn check(
    secret: &Secret,
    form: &str,
    token: &str,
    now: Duration,
) -> Result<(), BotSuspicion> {
    let mut parts = token.splitn(3, '.');
    let mut part = || parts.next().ok_or(BotSuspicion::Stale);
    let (opened, random, signature) = (part()?, part()?, part()?);
    if !secret.signed(PURPOSE, &[form, opened, random], signature) {
        return Err(BotSuspicion::Stale);
    }
    // Signed, so it is a number of ours.
    let opened = Duration::from_millis(opened.parse().map_err(|_| BotSuspicion::Stale)?);
    let age = now.saturating_sub(opened);
    if age < AT_LEAST {
        let seconds = AT_LEAST.saturating_sub(age).as_millis().div_ceil(1_000);
        return Err(BotSuspicion::Fast { seconds: u64::try_from(seconds).unwrap_or(1) });
    }
    if age > AT_MOST { Err(BotSuspicion::Stale) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_open_for_a_while_and_not_for_ever() {
        let secret = Secret::from_env().unwrap();
        let at = |seconds: u64| Duration::from_secs(1_800_000_000 + seconds);
        let token = fresh(&secret, "quote", "0f", at(0));
        assert_ne!(token, fresh(&secret, "quote", "f0", at(0)));
        let check = |form, after| check(&secret, form, &token, at(after));
        assert_eq!(check("quote", 0), Err(BotSuspicion::Fast { seconds: 3 }));
        assert_eq!(check("quote", 2), Err(BotSuspicion::Fast { seconds: 1 }));
        assert_eq!(check("quote", 3), Ok(()));
        assert_eq!(check("quote", 24 * 60 * 60), Ok(()));
        assert_eq!(check("quote", 24 * 60 * 60 + 1), Err(BotSuspicion::Stale));
        assert_eq!(check("callback", 10), Err(BotSuspicion::Stale));
        // A clock that was put back makes a page new, and locks nobody out.
        assert_eq!(
            super::check(&secret, "quote", &fresh(&secret, "quote", "0f", at(9)), at(5)),
            Err(BotSuspicion::Fast { seconds: 3 })
        );
        let ripe = ripe(&secret, "quote", "0f", at(0));
        assert_eq!(super::check(&secret, "quote", &ripe, at(0)), Ok(()));
    }

    #[test]
    fn nobody_else_can_write_one() {
        let secret = Secret::from_env().unwrap();
        let now = Duration::from_secs(1_800_000_000);
        let token = fresh(&secret, "quote", "0f", now);
        let [opened, random, signature] = token.split('.').collect::<Vec<_>>()[..] else {
            panic!("{token}");
        };
        for forged in [
            "",
            ".",
            "..",
            "1",
            "1.",
            &format!("1700000000000.{random}.{signature}"),
            &format!("{opened}.f0.{signature}"),
            &format!("{opened}.{signature}"),
            signature,
        ] {
            assert_eq!(check(&secret, "quote", forged, now), Err(BotSuspicion::Stale), "{forged}");
        }
    }
}
