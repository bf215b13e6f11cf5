//! `cargo xtask measure` and `cargo xtask screenshots`: the widget as it is, in figures and pictures.

use crate::{
    browse,
    failure::{OrFail as _, Result},
    flags::{MeasureFlags, Purpose},
    repo, run, setup,
};
use clap::ValueEnum as _;
use std::{env, process::Command};

/// Where the pictures go.
const PICTURES: &str = "docs/screenshots";

/// Prints what typing, memory and the first paint cost.
pub(crate) fn measure(flags: &MeasureFlags) -> Result {
    let mut measure = program("measure")?;
    if flags.json {
        measure.arg("--json");
    }
    if let Some(only) = flags.only.and_then(|only| only.to_possible_value()) {
        measure.arg(only.get_name());
    }
    run::ask(&mut measure)
}

/// Takes pictures of all states of the form.
pub(crate) fn screenshots() -> Result {
    run::ask(program("screenshots")?.arg(repo::root().join(PICTURES)))
}

/// A program of the crate `e2e`, over a bundle of today's sources.
fn program(name: &str) -> Result<Command> {
    let tools = setup::tools_for(Purpose::Test)?;
    bundle()?;
    let mut cargo = browse::with_servers(&tools, "run")?;
    cargo.args(["--quiet", "--bin", name, "--"]);
    Ok(cargo)
}

/// As a program of its own: what it prints is not what was asked for.
fn bundle() -> Result {
    let this = env::current_exe().or_fail(|| "cannot find this program".to_owned())?;
    run::run(run::command(this).args(["dist", "--out", browse::SITE]))
}
