//! `cargo xtask screenshots`: takes pictures of the form.

use crate::{
    browse,
    failure::Result,
    flags::Engine,
    repo, run,
    setup::{self, Need},
};

const FOLDER: &str = "docs/screenshots";

/// Takes pictures of the form in most of its states.
pub(crate) fn command() -> Result {
    let tools = setup::tools_in(&[Engine::Chromium], &[Need::PageFiles, Need::Browsers])?;
    browse::bundle()?;
    let mut cargo = browse::with_servers(&tools, "run")?;
    cargo.args(["--quiet", "--bin", "screenshots", "--"]);
    run::run_to_stdout(cargo.arg(repo::root().join(FOLDER)))
}
