//! `cargo xtask bench`: compares the widget with other ways to build a form.

use crate::{
    browse,
    failure::Result,
    flags::{BenchFlags, BenchSection, Engine},
    repo,
    run::{self, long},
    setup::{self, Need, Tools},
    workspace,
};
use clap::ValueEnum;
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Builds the programs and pages, and runs the crate `bench`, which measures them. With `--render`, only runs `bench`.
pub(crate) fn command(flags: &BenchFlags) -> Result {
    let mut bench = run::cargo(&["run", "--quiet", "-p", "bench", "--"]);
    if flags.render {
        return run::run_to_stdout(bench.arg("--render"));
    }
    let needs: &[Need] = if needs_browser(&flags.only) { &[Need::Browsers] } else { &[] };
    let tools = setup::tools_in(&[Engine::Chromium], needs)?;
    browse::bundle()?;
    run::run(&mut run::cargo(&["build", "--release", "-p", "deal-proxy", "-p", "crm-sandbox"]))?;
    lay_out_pages(&tools)?;
    run::run_to_stdout(with_flags(&mut bench, flags).envs(variables(&tools)?))
}

fn needs_browser(sections: &[BenchSection]) -> bool {
    let runs_without = |section: &BenchSection| {
        matches!(section, BenchSection::Servers | BenchSection::Proxy | BenchSection::Native)
    };
    sections.is_empty() || !sections.iter().all(runs_without)
}

fn with_flags<'a>(bench: &'a mut Command, flags: &BenchFlags) -> &'a mut Command {
    for section in flags.only.iter().filter_map(ValueEnum::to_possible_value) {
        bench.args(["--only", section.get_name()]);
    }
    if let Some(rounds) = flags.rounds {
        bench.args(["--rounds", &rounds.to_string()]);
    }
    bench
}

/// Bundles the alternatives, and writes their pages and the widget's pages to one folder.
fn lay_out_pages(tools: &Tools) -> Result {
    setup::require_npm("bench/alternatives")?;
    let alternatives = repo::root().join("bench/alternatives");
    if !is_installed(&alternatives) {
        let mut npm = tools.command("npm")?;
        // Skip the install scripts, because these packages do not need them.
        npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&alternatives);
        long::run_long("installing the alternatives with npm (takes a minute)", &mut npm)?;
    }
    let mut node = tools.command("node")?;
    node.arg("build.mjs").current_dir(&alternatives);
    node.arg("--widget").arg(browse::site()?);
    node.arg("--proxy").arg(workspace::released("deal-proxy")?);
    node.arg("--out").arg(pages()?);
    long::run_long("bundling the alternatives, and compressing all pages", &mut node)
}

/// Returns whether the installed packages match the lock file. npm writes its own copy of the lock
/// file last, so an incomplete installation has no copy or an older one.
fn is_installed(alternatives: &Path) -> bool {
    let modified =
        |file: &str| fs::metadata(alternatives.join(file)).and_then(|file| file.modified()).ok();
    let installed = modified("node_modules/.package-lock.json");
    installed.is_some() && installed >= modified("package-lock.json")
}

/// Returns the environment variables for the program `bench`. They include:
///
/// - `DEAL_FORM_PAGES`: the folder with the pages and their form files
/// - `DEAL_FORM_PROXY`, `DEAL_FORM_SANDBOX`: the two servers' programs
/// - `CHROME`, `CHROMEDRIVER`: the browser and its driver
fn variables(tools: &Tools) -> Result<Vec<(&'static str, OsString)>> {
    let mut variables = tools.variables()?;
    variables.push(("DEAL_FORM_PAGES", pages()?.into()));
    variables.push(("DEAL_FORM_PROXY", workspace::released("deal-proxy")?.into()));
    variables.push(("DEAL_FORM_SANDBOX", workspace::released("crm-sandbox")?.into()));
    Ok(variables)
}

/// Returns the folder for the pages to measure, and for their form files.
fn pages() -> Result<PathBuf> {
    Ok(workspace::target()?.join("bench"))
}
