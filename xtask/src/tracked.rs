//! The files in the repository that git tracks.

use crate::{failure::Result, repo, run};
use std::path::PathBuf;

/// Returns all tracked files, in all folders, that match a git pattern such as `*.md`.
pub(crate) fn files(pattern: &str) -> Result<Vec<PathBuf>> {
    let mut git = run::command("git");
    git.current_dir(repo::root()).args(["ls-files", pattern]);
    let listed = run::capture(&mut git)?;
    Ok(listed.lines().map(|file| repo::root().join(file)).filter(|path| path.exists()).collect())
}
