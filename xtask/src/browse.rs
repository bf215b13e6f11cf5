//! Runs the programs in the crate `e2e`, which control a browser and use the real servers.

use crate::{
    failure::{OrFail as _, Result},
    flags::Engine,
    run,
    setup::Tools,
    workspace,
};
use std::{env, path::PathBuf, process::Command};

/// Returns the folder for the bundle that the tests open. The tests do not change the developer's
/// `dist/`.
pub(crate) fn site() -> Result<PathBuf> {
    Ok(workspace::target()?.join("test-site"))
}

/// The environment variable with the engine to use.
pub(crate) const ENGINE: &str = "DEAL_FORM_ENGINE";

/// Builds the servers, and returns a cargo command for `e2e` with these environment variables:
///
/// - `DEAL_FORM_SITE`: the folder with the release bundle
/// - `DEAL_FORM_PROXY`, `DEAL_FORM_SANDBOX`: the two servers' programs
/// - `DEAL_FORM_ENGINE`: the engine to use; this is Chromium unless the caller changes it
/// - `CHROME`, `CHROMEDRIVER` and similar: each browser and its driver
/// - `DEAL_FORM_AXE` and similar: scripts that journeys add to pages
pub(crate) fn with_servers(tools: &Tools, subcommand: &str) -> Result<Command> {
    run::run(&mut run::cargo(&["build", "-p", "deal-proxy", "-p", "crm-sandbox"]))?;
    let mut command = run::cargo(&[subcommand, "-p", "e2e"]);
    command.envs(tools.variables()?).env("DEAL_FORM_SITE", site()?);
    command.env(ENGINE, Engine::Chromium.to_string());
    command.env("DEAL_FORM_PROXY", workspace::built("deal-proxy")?);
    command.env("DEAL_FORM_SANDBOX", workspace::built("crm-sandbox")?);
    Ok(command)
}

/// Builds the bundle from the current sources. Another process does this, to keep the build's
/// output out of this command's standard output.
pub(crate) fn bundle() -> Result {
    let this = env::current_exe().or_fail(|| "cannot find this program".to_owned())?;
    run::run(run::command(this).args(["dist", "--out"]).arg(site()?))
}
