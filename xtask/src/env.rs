//! `cargo xtask env`: the tools, for a shell.

use crate::{failure::Result, flags::Purpose, setup};
use std::path::Path;

/// Prints exports for `eval "$(cargo xtask env)"`, and nothing else, on stdout.
pub(crate) fn command() -> Result {
    let tools = setup::tools_for(Purpose::Test)?;
    for (name, value) in tools.variables()? {
        println!("export {name}={}", setup::quoted(Path::new(&value)));
    }
    Ok(())
}
