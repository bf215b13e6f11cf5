//! The checks that a test run skips because this machine lacks something. Each is printed when it is
//! skipped, and again at the end of the run. Tests that a browser cannot run on any machine do not count
//! as skipped.

use crate::{
    failure::{OrFail as _, Result},
    workspace,
};
use std::{
    fs::{self, File},
    io::Write as _,
    path::PathBuf,
};

/// The environment variable that names a file. Tests add a line to this file for each skipped
/// check.
pub(crate) const NOTES: &str = "DEAL_FORM_SKIPPED";

/// Returns the file with this run's skipped checks.
pub(crate) fn notes() -> Result<PathBuf> {
    Ok(workspace::target()?.join("skipped.txt"))
}

/// Removes the notes from an earlier run.
pub(crate) fn clear() -> Result {
    let notes = notes()?;
    File::create(&notes).or_fail(|| format!("cannot write {}", notes.display()))?;
    Ok(())
}

/// Prints a skipped check, and adds it to the notes.
pub(crate) fn report(check: &str) -> Result {
    eprintln!("SKIPPED: {check}");
    let line = check.split_whitespace().collect::<Vec<_>>().join(" ");
    let notes = notes()?;
    File::options()
        .append(true)
        .create(true)
        .open(&notes)
        .and_then(|mut file| writeln!(file, "{line}"))
        .or_fail(|| format!("cannot write {}", notes.display()))
}

/// Returns all skipped checks, without duplicates: several browsers can skip the same check.
pub(crate) fn all() -> Result<Vec<String>> {
    let notes = notes()?;
    let text = fs::read_to_string(&notes).or_fail(|| format!("cannot read {}", notes.display()))?;
    let mut all: Vec<_> = text.lines().map(str::to_owned).collect();
    all.sort();
    all.dedup();
    Ok(all)
}
