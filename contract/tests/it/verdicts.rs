//! The results of a thousand submissions are the same natively and in WebAssembly. This test compares
//! the native results with a file; `tests/browser/verdicts.rs` compares the results in a browser.

use deal_contract::problem::Code;

#[path = "../verdicts/cases.rs"]
mod cases;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verdicts/verdicts.txt");

/// To update the file after a change: `UPDATE_VERDICTS=1 cargo test -p deal-contract verdicts`.
#[test]
fn native_results_match_the_file() {
    if std::env::var_os("UPDATE_VERDICTS").is_some() {
        std::fs::write(FILE, cases::digests()).unwrap();
    }
    cases::compare(&std::fs::read_to_string(FILE).unwrap());
}

/// The cases must cover every code that their form can cause, and contain valid submissions.
#[test]
fn cases_cover_every_code_of_a_submission() {
    let found = cases::verdicts().concat();
    for &code in Code::ALL {
        // These codes only occur in other forms, in form files, or in a browser.
        let elsewhere = matches!(
            code,
            Code::RequiredFile
                | Code::ResolutionValue
                | Code::CustomFieldName
                | Code::FileFolder
                | Code::FileUnreadable
        );
        let is_covered = found.contains(&format!(" {} ", code.as_str()));
        assert_eq!(is_covered, !elsewhere, "{}", code.as_str());
    }
    // A valid submission starts with its normalized answers.
    let is_valid =
        |verdict: &String| verdict.lines().next().is_some_and(|line| line.contains(" is \""));
    assert!(cases::verdicts().iter().any(is_valid), "no submission is valid");
}
