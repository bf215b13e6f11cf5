//! `cargo xtask bench`: the widget beside other ways to make a form, in figures.

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

/// Builds what is measured, and hands over to the program that measures.
pub(crate) fn command(flags: &BenchFlags) -> Result {
    let mut bench = run::cargo(&["run", "--quiet", "-p", "bench", "--"]);
    if flags.render {
        return run::ask(bench.arg("--render"));
    }
    let needs: &[Need] = if needs_browser(&flags.only) { &[Need::Browsers] } else { &[] };
    let tools = setup::tools_in(&[Engine::Chromium], needs)?;
    browse::bundle()?;
    run::run(&mut run::cargo(&["build", "--release", "-p", "deal-proxy", "-p", "crm-sandbox"]))?;
    lay_out_pages(&tools)?;
    run::ask(with_flags(&mut bench, flags).envs(variables(&tools)?))
}

fn needs_browser(sections: &[BenchSection]) -> bool {
    let without = |section: &BenchSection| {
        matches!(section, BenchSection::Servers | BenchSection::Proxy | BenchSection::Native)
    };
    sections.is_empty() || !sections.iter().all(without)
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

/// Bundles the peers, and puts pages with them beside pages with the widget.
fn lay_out_pages(tools: &Tools) -> Result {
    setup::need_npm("bench/peers")?;
    let peers = repo::root().join("bench/peers");
    if !is_installed(&peers) {
        let mut npm = tools.command("npm")?;
        // As for other tools: none needs its scripts.
        npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&peers);
        long::run_long("fetching the peers with npm (a minute)", &mut npm)?;
    }
    let mut node = tools.command("node")?;
    node.arg("build.mjs").current_dir(&peers);
    node.arg("--widget").arg(browse::site()?);
    node.arg("--proxy").arg(workspace::released("deal-proxy")?);
    node.arg("--out").arg(pages()?);
    long::run_long("bundling the peers, and compressing all pages", &mut node)
}

/// Whether what is installed was installed from this list: npm keeps a copy of it, written last.
fn is_installed(peers: &Path) -> bool {
    let written = |file: &str| fs::metadata(peers.join(file)).and_then(|file| file.modified()).ok();
    let installed = written("node_modules/.package-lock.json");
    installed.is_some() && installed >= written("package-lock.json")
}

/// What the program cannot know:
///
/// - `DEAL_FORM_PAGES`: the folder with the pages and the forms behind them
/// - `DEAL_FORM_PROXY`, `DEAL_FORM_SANDBOX`: the two servers' programs
/// - `CHROME`, `CHROMEDRIVER`: the browser and its driver
fn variables(tools: &Tools) -> Result<Vec<(&'static str, OsString)>> {
    let mut variables = tools.variables()?;
    variables.push(("DEAL_FORM_PAGES", pages()?.into()));
    variables.push(("DEAL_FORM_PROXY", workspace::released("deal-proxy")?.into()));
    variables.push(("DEAL_FORM_SANDBOX", workspace::released("crm-sandbox")?.into()));
    Ok(variables)
}

/// Where the pages to measure are laid out, with the forms behind them.
fn pages() -> Result<PathBuf> {
    Ok(workspace::target()?.join("bench"))
}
