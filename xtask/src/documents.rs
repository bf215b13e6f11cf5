//! The Markdown files of the repository.

use crate::{failure::Result, repo, run};
use std::path::PathBuf;

/// All Markdown files that git tracks, including the sources of the guide, which people also read on GitHub.
pub(crate) fn all() -> Result<Vec<PathBuf>> {
    let mut git = run::command("git");
    git.current_dir(repo::root()).args(["ls-files", "*.md"]);
    let listed = run::capture(&mut git)?;
    Ok(listed.lines().map(|file| repo::root().join(file)).filter(|path| path.exists()).collect())
}
