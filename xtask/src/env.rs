//! `cargo xtask env`: the tools, for a shell.

use crate::{
    failure::{OrFail as _, Result},
    repo,
    setup::{self, Need},
};
use std::{fs, path::Path};

/// Prints exports for `eval "$(cargo xtask env)"`, and nothing else, on stdout.
///
/// What `trunk serve` needs is installed. Whatever else is there is named, too; nobody waits in a new
/// shell for browsers and for tools that only tests need: those `cargo xtask setup` installs.
pub(crate) fn command() -> Result {
    let tools = setup::tools(Need::SERVE)?;
    let data = repo::data();
    fs::create_dir_all(&data).or_fail(|| format!("cannot make {}", data.display()))?;
    for (name, value) in tools.variables()? {
        println!("export {name}={}", setup::quoted(Path::new(&value)));
    }
    Ok(())
}
