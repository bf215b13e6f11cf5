//! `cargo xtask screenshots`: the widget as it is, in pictures.

use crate::{browse, failure::Result, flags::Purpose, repo, run, setup};

/// Where the pictures go.
const PICTURES: &str = "docs/screenshots";

/// Takes pictures of all states of the form.
pub(crate) fn screenshots() -> Result {
    let tools = setup::tools_for(Purpose::Test)?;
    browse::bundle()?;
    let mut cargo = browse::with_servers(&tools, "run")?;
    cargo.args(["--quiet", "--bin", "screenshots", "--"]);
    run::ask(cargo.arg(repo::root().join(PICTURES)))
}
