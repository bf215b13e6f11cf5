//! `cargo xtask tidy`: checks the invariants of ARCHITECTURE.md.

mod dependencies;
mod modules;
mod paths;
mod words;

use crate::{
    failure::{Failure, Result},
    files, repo, tracked, workspace,
};
use std::path::Path;

/// The documents that every developer needs.
const REQUIRED: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// Reports all mistakes at once.
pub(crate) fn command() -> Result {
    let metadata = workspace::metadata()?;
    let mut mistakes = dependencies::mistakes(&dependencies::edges(&metadata));
    mistakes.extend(modules::mistakes(&metadata)?);
    let words = words::read()?;
    for file in tracked::files("*.rs")? {
        mistakes.extend(words::mistakes(&file, &words)?);
    }
    let documents = tracked::files("*.md")?;
    let is_tracked = |name: &&str| documents.contains(&repo::root().join(name));
    let missing = REQUIRED.into_iter().filter(|name| !is_tracked(name));
    mistakes.extend(missing.map(|name| format!("{name} does not exist, or git does not track it")));
    for document in &documents {
        mistakes.extend(missing_paths(document)?);
    }
    if mistakes.is_empty() {
        eprintln!("found no forbidden dependencies, imports or words, and no missing paths");
        return Ok(());
    }
    Err(Failure::new(mistakes.join("\n")))
}

/// Returns the paths in a document that do not exist. A path is relative to the repository's root,
/// the document's folder, or any folder between them.
fn missing_paths(document: &Path) -> Result<Vec<String>> {
    let text = files::read(document)?;
    let name = document.strip_prefix(repo::root()).unwrap_or(document);
    let exists =
        |path: &str| name.ancestors().any(|folder| repo::root().join(folder).join(path).exists());
    Ok(paths::named(&text, |first| repo::root().join(first).exists())
        .filter(|(_, path)| !exists(path))
        .map(|(line, path)| format!("{}:{line}: `{path}` does not exist", name.display()))
        .collect())
}
