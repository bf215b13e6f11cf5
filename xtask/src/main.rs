//! `cargo xtask`: the commands that developers of deal-form use.
//!
//! | command | what it does |
//! |---|---|
//! | `setup` | installs missing tools, once, outside `target/` |
//! | `env` | prints shell exports, so that you can run `trunk` and `wasm-pack` yourself |
//! | `serve` | starts the form, its proxy and a sandbox CRM, until Ctrl-C |
//! | `test` | runs all checks and tests |
//! | `dist` | builds the release bundle and the npm package, and prints their sizes |
//! | `release` | builds all files of a release |
//! | `bench` | compares the widget with other ways to build a form |
//! | `screenshots` | takes pictures of the form in most of its states |
//! | `guide` | builds the guide and checks its links |
//! | `tidy` | checks the invariants of ARCHITECTURE.md |
//!
//! No other crate depends on `xtask`. It runs on Linux, macOS and WSL.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool prints to the terminal"
)]

#[cfg(not(unix))]
compile_error!("cargo xtask runs on Linux and macOS; on Windows, use it inside WSL");

mod bench;
mod browse;
mod dist;
mod env;
mod failure;
mod files;
mod flags;
mod guide;
mod leptos_apps;
mod packages;
mod prose;
mod release;
mod repo;
mod run;
mod screenshots;
mod serve;
mod setup;
mod skipped;
mod supply;
mod test;
mod tidy;
mod tracked;
mod workspace;

use clap::Parser as _;
use flags::{Command, Flags};
use std::process::ExitCode;

fn main() -> ExitCode {
    let flags = Flags::parse();
    match run::signals::stop_children_on_signals().and_then(|()| run_command(flags.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run_command(command: Command) -> failure::Result {
    match command {
        Command::Setup { purpose, engines } => setup::command(purpose, &engines),
        Command::Env => env::command(),
        Command::Serve(flags) => serve::command(&flags),
        Command::Test { only, engines } => test::command(only, &engines),
        Command::Dist(flags) => dist::command(&flags),
        Command::Release(flags) => release::command(&flags),
        Command::Bench(flags) => bench::command(&flags),
        Command::Screenshots => screenshots::command(),
        Command::Guide => guide::command(),
        Command::Tidy => tidy::command(),
    }
}
