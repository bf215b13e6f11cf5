//! Proof of work in the manner of ALTCHA: a number that hashes to what was asked, which a computer
//! finds in about a second and a hundred thousand submissions pay for.

use data_encoding::HEXLOWER;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use deal_contract::protocol::{Challenge, Solution};
use sha2::{Digest, Sha256};

use super::secret::Secret;

/// A number below this is looked for: half of it hashes on average, half a second on a phone.
const NUMBERS: u32 = 100_000;

/// How long a challenge counts: as long as a page may be open.
pub(super) const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

const ALGORITHM: &str = "SHA-256";
const PURPOSE: &str = "work";

/// Something to do for the form. The salt says until when, and `random` makes it this page's own.
pub(super) fn challenge(
    secret: &Secret,
    form: &str,
    random: &str,
    number: u32,
    now: Duration,
) -> Challenge {
    let salt = format!("{random}?expires={}", (now + LIFETIME).as_secs());
    let hash = hash(&salt, number % NUMBERS);
    let signature = secret.sign(PURPOSE, &[form, &salt, &hash]);
    Challenge { algorithm: ALGORITHM.to_owned(), hash, maxnumber: NUMBERS, salt, signature }
}

/// The challenge that was solved, or nothing. `payload` is the solution's JSON in base64, as ALTCHA
/// sends it.
pub(super) fn solved(secret: &Secret, form: &str, payload: &str, now: Duration) -> Option<String> {
    let json = STANDARD.decode(payload).ok()?;
    let solution: Solution = serde_json::from_slice(&json).ok()?;
    let Solution { algorithm, hash: asked, number, salt, signature } = solution;
    let signed = secret.signed(PURPOSE, &[form, &salt, &asked], &signature);
    let (_, expires) = salt.split_once("?expires=")?;
    let alive = now.as_secs() <= expires.parse().ok()?;
    let solved = algorithm == ALGORITHM && hash(&salt, number) == asked;
    (signed && alive && solved).then_some(asked)
}

fn hash(salt: &str, number: u32) -> String {
    HEXLOWER.encode(&Sha256::digest(format!("{salt}{number}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1_800_000_000);

    /// As a page does it.
    fn solve(challenge: &Challenge) -> String {
        let number = (0..challenge.maxnumber)
            .find(|number| hash(&challenge.salt, *number) == challenge.hash)
            .unwrap();
        payload(challenge, number)
    }

    fn payload(challenge: &Challenge, number: u32) -> String {
        let mut json = serde_json::to_value(challenge).unwrap();
        json["number"] = number.into();
        STANDARD.encode(json.to_string())
    }

    #[test]
    fn a_solution_counts_for_its_form_and_its_time() {
        let secret = Secret::from_env().unwrap();
        let challenge = challenge(&secret, "quote", "00ff", 4_711, NOW);
        let solution = solve(&challenge);
        assert_eq!(solved(&secret, "quote", &solution, NOW), Some(challenge.hash.clone()));
        assert_eq!(solved(&secret, "callback", &solution, NOW), None);
        assert!(solved(&secret, "quote", &solution, NOW + LIFETIME).is_some());
        let late = NOW + LIFETIME + Duration::from_secs(1);
        assert_eq!(solved(&secret, "quote", &solution, late), None);
        assert_eq!(solved(&Secret::from_env().unwrap(), "quote", &solution, NOW), None);
    }

    #[test]
    fn only_work_is_a_solution() {
        let secret = Secret::from_env().unwrap();
        let asked = challenge(&secret, "quote", "00ff", 4_711, NOW);
        let easy = Challenge {
            hash: hash(&asked.salt, 1),
            ..challenge(&secret, "quote", "00ff", 4_711, NOW)
        };
        let later = Challenge {
            salt: "00ff?expires=9999999999".to_owned(),
            ..challenge(&secret, "quote", "00ff", 4_711, NOW)
        };
        for wrong in [payload(&asked, 4_712), payload(&easy, 1), payload(&later, 4_711)] {
            assert_eq!(solved(&secret, "quote", &wrong, NOW), None);
        }
        for wrong in ["", "e30=", "not base64", &"A".repeat(9_999)] {
            assert_eq!(solved(&secret, "quote", wrong, NOW), None, "{wrong}");
        }
    }
}
