//! `cargo xtask screenshots`: the widget as it is, in pictures.

use crate::{
    browse,
    failure::Result,
    flags::Engine,
    repo, run,
    setup::{self, Need},
};

/// Where the pictures go.
const PICTURES: &str = "docs/screenshots";

/// Takes pictures of all states of the form.
pub(crate) fn screenshots() -> Result {
    let tools = setup::tools_in(&[Engine::Chromium], &[Need::PageFiles, Need::Browsers])?;
    browse::bundle()?;
    let mut cargo = browse::with_servers(&tools, "run")?;
    cargo.args(["--quiet", "--bin", "screenshots", "--"]);
    run::ask(cargo.arg(repo::root().join(PICTURES)))
}
