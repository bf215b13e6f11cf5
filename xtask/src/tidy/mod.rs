//! `cargo xtask tidy`: what ARCHITECTURE.md promises, checked.

mod dependencies;
mod modules;
mod paths;

use crate::{
    documents,
    failure::{Failure, Result},
    files, repo, workspace,
};
use std::path::Path;

/// The documents without which nobody finds their way.
const NEEDED: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// Reports everything that is not so, not only the first.
pub(crate) fn command() -> Result {
    let metadata = workspace::metadata()?;
    let mut mistakes = dependencies::mistakes(&dependencies::edges(&metadata));
    mistakes.extend(modules::mistakes(&metadata)?);
    let documents = documents::all()?;
    let there = |name: &&str| documents.contains(&repo::root().join(name));
    let missing = NEEDED.into_iter().filter(|name| !there(name));
    mistakes.extend(missing.map(|name| format!("there is no {name}, or git does not know it")));
    for document in &documents {
        mistakes.extend(missing_paths(document)?);
    }
    if mistakes.is_empty() {
        eprintln!("dependencies and imports point down, and named paths exist");
        return Ok(());
    }
    Err(Failure::new(mistakes.join("\n")))
}

/// A path counts from the repository's root, or from the document's own folder or one around it.
fn missing_paths(document: &Path) -> Result<Vec<String>> {
    let text = files::read(document)?;
    let name = document.strip_prefix(repo::root()).unwrap_or(document);
    let exists =
        |path: &str| name.ancestors().any(|folder| repo::root().join(folder).join(path).exists());
    Ok(paths::named(&text, |first| repo::root().join(first).exists())
        .filter(|(_, path)| !exists(path))
        .map(|(line, path)| format!("{}:{line}: there is no `{path}`", name.display()))
        .collect())
}
