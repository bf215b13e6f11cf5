use std::fs::File;
use std::io::{self, Write as _};

use thiserror::Error;

/// The program that a service needs is not installed.
#[derive(Debug, Clone, Error)]
#[error("{program} is not installed; on Debian: apt-get install {package}")]
pub struct Missing {
    pub(crate) program: &'static str,
    pub(crate) package: &'static str,
}

/// Reports a skipped test on stderr, and in the file that `DEAL_FORM_SKIPPED` names for `cargo xtask test`.
pub fn skip(what: &str) {
    // Do not use `eprintln!`: its output is captured if the test passes.
    let _ = writeln!(io::stderr(), "SKIPPED: {what}");
    if let Some(notes) = std::env::var_os("DEAL_FORM_SKIPPED") {
        let notes = File::options().append(true).create(true).open(notes);
        let _ = notes.and_then(|mut notes| writeln!(notes, "{what}"));
    }
}
