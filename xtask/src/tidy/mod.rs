//! `cargo xtask tidy`: what ARCHITECTURE.md promises, checked.

mod dependencies;
mod paths;

use crate::{
    failure::{Failure, OrFail as _, Result},
    repo, workspace,
};
use std::fs;

/// The documents whose paths must exist.
const DOCUMENTS: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// Reports everything that is not so, not only the first.
pub(crate) fn command() -> Result {
    let mut mistakes = wrong_dependencies()?;
    for document in DOCUMENTS {
        mistakes.extend(missing_paths(document)?);
    }
    if mistakes.is_empty() {
        eprintln!("dependencies point the right way, and named paths exist");
        return Ok(());
    }
    Err(Failure::new(mistakes.join("\n")))
}

fn wrong_dependencies() -> Result<Vec<String>> {
    Ok(dependencies::mistakes(&dependencies::edges(&workspace::metadata()?)))
}

fn missing_paths(document: &str) -> Result<Vec<String>> {
    let path = repo::root().join(document);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&path).or_fail(|| format!("cannot read {}", path.display()))?;
    Ok(paths::named(&text, |first| repo::root().join(first).exists())
        .filter(|(_, named)| !repo::root().join(named).exists())
        .map(|(line, named)| format!("{document}:{line}: there is no `{named}`"))
        .collect())
}
