//! Runs the tests of the showcase's scripts. They need Node.js.

use std::path::Path;
use std::process::Command;

#[test]
fn the_scripts_of_the_showcase_pass_their_tests() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/showcase.mjs");
    let output = Command::new("node").arg(script).output().expect("cannot start node");
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{report}{}", String::from_utf8_lossy(&output.stderr));
}
