//! The proofs that a form requires.

use deal_contract::definition::{Proof, PublicDefinition};

use super::{assert_mistakes, field, public_json};

fn form(proof: &str) -> String {
    field("parameter = 'note'\n[proof]\n") + proof
}

#[test]
fn requires_only_the_proofs_that_are_true() {
    for none in ["", "token = false\nwork = false"] {
        assert_eq!(public_json(&form(none)).get("proof"), None, "{none}");
    }
    let json = public_json(&form("token = true\nwork = true"));
    assert_eq!(json["proof"], serde_json::json!({"token": true, "work": true}));
    let read: PublicDefinition = serde_json::from_value(json).unwrap();
    assert_eq!(read.proof, Proof { token: true, captcha: false, work: true });
}

#[test]
fn rejects_unknown_proofs_and_wrong_values() {
    assert_mistakes(
        &form("captcha = 'turnstile'\ntokn = true"),
        &[
            "6:11: `captcha` takes true or false, without quotes",
            "7:1: unknown key `tokn`; did you mean `token`?",
        ],
    );
}
