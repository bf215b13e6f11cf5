//! Installs missing tools, and finds them for the other commands.
//!
//! The tools are in a folder outside `target/` (see [`cache`]), so they survive `cargo clean`, and all
//! clones share them.

mod browser;
mod cache;
mod cargo_tools;
mod engines;
mod need;
mod npm_tools;
pub(crate) mod single_tests;
mod std_sources;
mod system;
mod version;
mod wasm_target;

use crate::{
    failure::{OrFail as _, Result},
    flags::{Engine, Purpose},
    run::{self, long},
};
pub(crate) use browser::{Browser, check_versions, how_to_get};
pub(crate) use need::Need;
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};
pub(crate) use std_sources::find_or_add as add_std_sources;
pub(crate) use version::Version;
pub(crate) use wasm_target::sysroot;

/// The tools, ready to use.
#[derive(Debug)]
pub(crate) struct Tools {
    /// The browsers for tests.
    pub(crate) browsers: Vec<Browser>,
    /// The files that journeys add to pages, each with the environment variable for its path.
    page_files: Vec<(&'static str, PathBuf)>,
    /// The folders with our tools, in the order of the PATH.
    folders: Vec<PathBuf>,
}

impl Tools {
    /// Returns a command for a program. Prefers our tools to other programs with the same name.
    pub(crate) fn command(&self, program: &str) -> Result<Command> {
        // Find the program here, because the PATH that is set for a child is not used to find the child
        // itself.
        let found =
            self.folders.iter().map(|folder| folder.join(program)).find(|p| run::is_executable(p));
        let mut command = run::command(found.as_deref().unwrap_or(Path::new(program)));
        command.envs(self.variables()?);
        Ok(command)
    }

    /// Returns a command for trunk.
    pub(crate) fn trunk(&self) -> Result<Command> {
        let mut trunk = self.command("trunk")?;
        // trunk 0.21 parses this as a boolean flag and fails on the usual `NO_COLOR=1`.
        trunk.env_remove("NO_COLOR");
        Ok(trunk)
    }

    /// Returns the environment variables for a shell or a child process.
    pub(crate) fn variables(&self) -> Result<Vec<(&'static str, OsString)>> {
        let others = env::var_os("PATH").unwrap_or_default();
        // The shell's PATH may already contain our folders.
        let others = env::split_paths(&others).filter(|folder| !self.folders.contains(folder));
        let path = env::join_paths(self.folders.iter().cloned().chain(others))
            .or_fail(|| "cannot put the tools on the PATH".to_owned())?;
        let mut variables = vec![
            ("PATH", path),
            // `setup` chooses the version.
            ("TRUNK_SKIP_VERSION_CHECK", "true".into()),
        ];
        variables.extend(self.browsers.iter().flat_map(Browser::variables));
        variables.extend(self.page_files.iter().map(|(name, file)| (*name, file.into())));
        Ok(variables)
    }
}

/// Checks that npm is installed; if not, the error says how to install it.
pub(crate) fn require_npm(to_install: &str) -> Result {
    npm_tools::require_npm(to_install)
}

/// Runs `cargo xtask setup`.
pub(crate) fn command(purpose: Purpose, engines: &[Engine]) -> Result {
    let started = Instant::now();
    tools_in(engines, Need::of(purpose))?;
    println!("Ready ({}).", long::duration(started.elapsed()));
    Ok(())
}

/// Installs needed tools that are missing. Also finds the other tools if they are installed, for a
/// developer's shell.
pub(crate) fn tools(needs: &[Need]) -> Result<Tools> {
    tools_in(&[], needs)
}

/// Does the same as [`tools`], but if browsers are needed, finds or installs those for these engines. Without engines,
/// uses Chromium and all installed browsers.
pub(crate) fn tools_in(engines: &[Engine], needs: &[Need]) -> Result<Tools> {
    let cache = cache::Cache::open()?;
    let needed = |need| needs.contains(&need);
    // Check this first, because `setup` cannot install Node.js.
    if needed(Need::Node) {
        npm_tools::check_node()?;
    }
    if needed(Need::WasmTarget) {
        wasm_target::find_or_add()?;
    }
    let browsers = if needed(Need::Browsers) {
        browser::find_or_install(&cache, engines)?
    } else {
        browser::find(&cache)?
    };
    let mut folders = npm_tools::minifiers(&cache, needed(Need::Minifiers))?;
    let page_files = npm_tools::page_files(&cache, needed(Need::PageFiles))?;
    folders.extend(cargo_tools::find_or_install(&cache, needs)?);
    folders.extend(browsers.iter().filter_map(Browser::folder));
    Ok(Tools { browsers, page_files, folders })
}
