//! Proof of work like ALTCHA's: the page finds the number that has the given hash. This takes up to
//! about a second, so it is expensive only for programs that send many submissions.

use data_encoding::HEXLOWER;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use deal_contract::protocol::{Challenge, Solution};
use sha2::{Digest, Sha256};

use super::secret::Secret;

/// The number to find is less than this limit. On average, the page computes half as many hashes. This
/// takes half a second on a phone.
const NUMBERS: u32 = 100_000;

/// How long a challenge is valid: as long as a page may be open.
pub(super) const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

const ALGORITHM: &str = "SHA-256";
const PURPOSE: &str = "work";

/// Creates a challenge for a form. The salt contains the time when the challenge expires, and `random`,
/// which makes the challenge unique to a page.
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

/// Returns the hash of the solved challenge, or `None` if the solution is not valid. `payload` is the
/// JSON of the solution in base64, as ALTCHA sends it.
pub(super) fn solved(secret: &Secret, form: &str, payload: &str, now: Duration) -> Option<String> {
    let json = STANDARD.decode(payload).ok()?;
    let solution: Solution = serde_json::from_slice(&json).ok()?;
    let Solution { algorithm, hash: expected, number, salt, signature } = solution;
    let signed = secret.verify(PURPOSE, &[form, &salt, &expected], &signature);
    let (_, expires) = salt.split_once("?expires=")?;
    let current = now.as_secs() <= expires.parse().ok()?;
    let solved = algorithm == ALGORITHM && hash(&salt, number) == expected;
    (signed && current && solved).then_some(expected)
}

fn hash(salt: &str, number: u32) -> String {
    HEXLOWER.encode(&Sha256::digest(format!("{salt}{number}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1_800_000_000);

    /// Solves a challenge as the page's script does.
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
    fn accepts_a_solution_only_for_its_form_until_it_expires() {
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
    fn rejects_a_wrong_or_forged_solution() {
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
