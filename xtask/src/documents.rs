//! The Markdown files of the repository.

use crate::{failure::Result, repo, run};
use std::path::PathBuf;

/// All that git knows; the guide's own sources too, which people read on GitHub as they are.
pub(crate) fn all() -> Result<Vec<PathBuf>> {
    let mut git = run::command("git");
    git.current_dir(repo::root()).args(["ls-files", "*.md"]);
    let listed = run::capture(&mut git)?;
    Ok(listed.lines().map(|file| repo::root().join(file)).filter(|path| path.exists()).collect())
}
