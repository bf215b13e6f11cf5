//! `cargo xtask env`: the tools, for a shell.

use crate::{
    failure::{OrFail as _, Result},
    flags::Purpose,
    repo, setup,
};
use std::{fs, path::Path};

/// Prints exports for `eval "$(cargo xtask env)"`, and nothing else, on stdout.
pub(crate) fn command() -> Result {
    let tools = setup::tools_for(Purpose::Test)?;
    let data = repo::data();
    fs::create_dir_all(&data).or_fail(|| format!("cannot make {}", data.display()))?;
    for (name, value) in tools.variables()? {
        println!("export {name}={}", setup::quoted(Path::new(&value)));
    }
    Ok(())
}
