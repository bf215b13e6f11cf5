//! What a page has to bring beside the answers.

use deal_contract::definition::{Proof, PublicDefinition};

use super::{field, mistakes, public};

fn form(proof: &str) -> String {
    field("parameter = 'note'\n[proof]\n") + proof
}

#[test]
fn a_form_asks_for_nothing_unless_it_says_so() {
    for none in ["", "token = false\nwork = false"] {
        assert_eq!(public(&form(none)).get("proof"), None, "{none}");
    }
    let json = public(&form("token = true\nwork = true"));
    assert_eq!(json["proof"], serde_json::json!({"token": true, "work": true}));
    let read: PublicDefinition = serde_json::from_value(json).unwrap();
    assert_eq!(read.proof, Proof { token: true, captcha: false, work: true });
}

#[test]
fn what_nobody_can_bring_is_a_mistake() {
    mistakes(
        &form("captcha = 'turnstile'\ntokn = true"),
        &[
            "6:11: `captcha` takes true or false, without quotes",
            "7:1: there is no key `tokn` here; did you mean `token`?",
        ],
    );
}
