//! The same verdicts natively and in WebAssembly. Here they are made natively; in a browser
//! `tests/browser/verdicts.rs` makes them, and compares them with the same file.

use deal_contract::problem::Code;

#[path = "../verdicts/cases.rs"]
mod cases;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verdicts/verdicts.txt");

/// After a rule was changed: `UPDATE_VERDICTS=1 cargo test -p deal-contract verdicts`.
#[test]
fn the_contract_says_what_it_said() {
    if std::env::var_os("UPDATE_VERDICTS").is_some() {
        std::fs::write(FILE, cases::digests()).unwrap();
    }
    cases::compare(&std::fs::read_to_string(FILE).unwrap());
}

/// Cases in which everything is wrong, or nothing, would prove little.
#[test]
fn the_cases_meet_every_rule_about_submissions() {
    let found = cases::verdicts().concat();
    for &code in Code::ALL {
        // These codes belong to other forms, to form files only, or to problems that only a browser
        // finds.
        let elsewhere = matches!(
            code,
            Code::RequiredFile
                | Code::ResolutionValue
                | Code::CustomFieldName
                | Code::FileFolder
                | Code::FileUnreadable
        );
        let met = found.contains(&format!(" {} ", code.as_str()));
        assert_eq!(met, !elsewhere, "{}", code.as_str());
    }
    // A valid submission starts with its normalized answers.
    let is_good = |said: &String| said.lines().next().is_some_and(|line| line.contains(" is \""));
    assert!(cases::verdicts().iter().any(is_good), "no submission is good");
}
