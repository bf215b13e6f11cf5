//! What a run of the tests could not look at on this machine: said when it is met, and again at the end,
//! where a person looks. What a browser cannot do anywhere is not meant.

use crate::{
    failure::{OrFail as _, Result},
    workspace,
};
use std::{
    fs::{self, File},
    io::Write as _,
    path::PathBuf,
};

/// The variable by which tests know the file where they note it, one thing a line.
pub(crate) const NOTES: &str = "DEAL_FORM_SKIPPED";

/// That file.
pub(crate) fn notes() -> Result<PathBuf> {
    Ok(workspace::target()?.join("skipped.txt"))
}

/// Forgets what an earlier run noted.
pub(crate) fn begin() -> Result {
    let notes = notes()?;
    File::create(&notes).or_fail(|| format!("cannot write {}", notes.display()))?;
    Ok(())
}

/// Says it, and notes it.
pub(crate) fn say(what: &str) -> Result {
    eprintln!("SKIPPED: {what}");
    let line = what.split_whitespace().collect::<Vec<_>>().join(" ");
    let notes = notes()?;
    File::options()
        .append(true)
        .create(true)
        .open(&notes)
        .and_then(|mut file| writeln!(file, "{line}"))
        .or_fail(|| format!("cannot write {}", notes.display()))
}

/// All that was noted, each once: tests run in one browser after the other.
pub(crate) fn all() -> Result<Vec<String>> {
    let notes = notes()?;
    let text = fs::read_to_string(&notes).or_fail(|| format!("cannot read {}", notes.display()))?;
    let mut all: Vec<_> = text.lines().map(str::to_owned).collect();
    all.sort();
    all.dedup();
    Ok(all)
}
