//! Tokens. A token is a signed note of the time when a page was opened. The page sends it with the
//! form.

use std::time::Duration;

use super::secret::Secret;
use super::suspicion::BotSuspicion;

/// The minimum age of a token. No person fills in a form faster.
const MIN_AGE: Duration = Duration::from_secs(3);

/// The maximum age of a token: as long as the browser keeps a draft.
pub(super) const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

const PURPOSE: &str = "token";

/// Creates a token for a page that is opened now. `random` makes the token different from those for
/// other pages that are opened at the same time.
pub(super) fn fresh(secret: &Secret, form: &str, random: &str, now: Duration) -> String {
    write(secret, form, random, now)
}

/// Creates a token for a form that was refused and is shown again. The form can be sent immediately.
pub(super) fn without_wait(secret: &Secret, form: &str, random: &str, now: Duration) -> String {
    write(secret, form, random, now.saturating_sub(MIN_AGE))
}

/// Returns the number of seconds until a form with a fresh token may be sent.
pub(super) fn min_seconds() -> u64 {
    MIN_AGE.as_secs()
}

fn write(secret: &Secret, form: &str, random: &str, opened: Duration) -> String {
    let opened = opened.as_millis().to_string();
    let signature = secret.sign(PURPOSE, &[form, &opened, random]);
    format!("{opened}.{random}.{signature}")
}

/// Checks the signature, and that the page was open long enough but not too long.
pub(super) fn check(
    secret: &Secret,
    form: &str,
    token: &str,
    now: Duration,
) -> Result<(), BotSuspicion> {
    let mut parts = token.splitn(3, '.');
    let mut part = || parts.next().ok_or(BotSuspicion::TokenStale);
    let (opened, random, signature) = (part()?, part()?, part()?);
    if !secret.verify(PURPOSE, &[form, opened, random], signature) {
        return Err(BotSuspicion::TokenStale);
    }
    // The signature is valid, so this is a number.
    let opened = Duration::from_millis(opened.parse().map_err(|_| BotSuspicion::TokenStale)?);
    let age = now.saturating_sub(opened);
    if age < MIN_AGE {
        let seconds = MIN_AGE.saturating_sub(age).as_millis().div_ceil(1_000);
        return Err(BotSuspicion::TooFast { seconds: u64::try_from(seconds).unwrap_or(1) });
    }
    if age > MAX_AGE { Err(BotSuspicion::TokenStale) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_a_token_that_is_three_seconds_to_a_day_old() {
        let secret = Secret::from_env().unwrap();
        let at = |seconds: u64| Duration::from_secs(1_800_000_000 + seconds);
        let token = fresh(&secret, "quote", "0f", at(0));
        assert_ne!(token, fresh(&secret, "quote", "f0", at(0)));
        let check = |form, after| check(&secret, form, &token, at(after));
        assert_eq!(check("quote", 0), Err(BotSuspicion::TooFast { seconds: 3 }));
        assert_eq!(check("quote", 2), Err(BotSuspicion::TooFast { seconds: 1 }));
        assert_eq!(check("quote", 3), Ok(()));
        assert_eq!(check("quote", 24 * 60 * 60), Ok(()));
        assert_eq!(check("quote", 24 * 60 * 60 + 1), Err(BotSuspicion::TokenStale));
        assert_eq!(check("callback", 10), Err(BotSuspicion::TokenStale));
        // After the clock was set back, the token counts as new.
        assert_eq!(
            super::check(&secret, "quote", &fresh(&secret, "quote", "0f", at(9)), at(5)),
            Err(BotSuspicion::TooFast { seconds: 3 })
        );
        let resent = without_wait(&secret, "quote", "0f", at(0));
        assert_eq!(super::check(&secret, "quote", &resent, at(0)), Ok(()));
    }

    #[test]
    fn rejects_forged_tokens() {
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
            assert_eq!(
                check(&secret, "quote", forged, now),
                Err(BotSuspicion::TokenStale),
                "{forged}"
            );
        }
    }
}
