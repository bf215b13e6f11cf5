//! The files of the repository that git tracks.

use crate::{failure::Result, repo, run};
use std::path::PathBuf;

/// All tracked files that match a pattern of git, such as `*.md`, in all folders.
pub(crate) fn files(pattern: &str) -> Result<Vec<PathBuf>> {
    let mut git = run::command("git");
    git.current_dir(repo::root()).args(["ls-files", pattern]);
    let listed = run::capture(&mut git)?;
    Ok(listed.lines().map(|file| repo::root().join(file)).filter(|path| path.exists()).collect())
}
