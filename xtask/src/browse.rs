//! The programs of the crate `e2e`, which drive a browser over the real servers.

use crate::{
    failure::{OrFail as _, Result},
    flags::Engine,
    run,
    setup::Tools,
    workspace,
};
use std::{env, path::PathBuf, process::Command};

/// Where the bundle that is browsed goes: `dist/` is the person's own.
pub(crate) fn site() -> Result<PathBuf> {
    Ok(workspace::target()?.join("test-site"))
}

/// The variable that names the engine to browse with.
pub(crate) const ENGINE: &str = "DEAL_FORM_ENGINE";

/// Builds the servers, and gives a command of cargo's for the crate. Its programs get by variables
/// what they cannot know:
///
/// - `DEAL_FORM_SITE`: the folder with the release bundle
/// - `DEAL_FORM_PROXY`, `DEAL_FORM_SANDBOX`: the two servers' programs
/// - `DEAL_FORM_ENGINE`: the engine to browse with, Chromium's unless said otherwise
/// - `CHROME`, `CHROMEDRIVER` and their like: each browser and its driver
/// - `DEAL_FORM_AXE` and their like: files that journeys bring into pages
pub(crate) fn with_servers(tools: &Tools, subcommand: &str) -> Result<Command> {
    run::run(&mut run::cargo(&["build", "-p", "deal-proxy", "-p", "crm-sandbox"]))?;
    let mut command = run::cargo(&[subcommand, "-p", "e2e"]);
    command.envs(tools.variables()?).env("DEAL_FORM_SITE", site()?);
    command.env(ENGINE, Engine::Chromium.to_string());
    command.env("DEAL_FORM_PROXY", workspace::built("deal-proxy")?);
    command.env("DEAL_FORM_SANDBOX", workspace::built("crm-sandbox")?);
    Ok(command)
}

/// Makes the bundle of today's sources, as a program of its own: what that prints is not what was
/// asked for.
pub(crate) fn bundle() -> Result {
    let this = env::current_exe().or_fail(|| "cannot find this program".to_owned())?;
    run::run(run::command(this).args(["dist", "--out"]).arg(site()?))
}
