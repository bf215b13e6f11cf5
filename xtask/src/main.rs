//! `cargo xtask`: the tools a person needs to work on deal-form, in one place.
//!
//! | command | what it does |
//! |---|---|
//! | `setup` | installs what is missing, outside `target/`, once |
//! | `env` | prints shell exports, so that `trunk` and `wasm-pack` work by hand |
//! | `serve` | the form, its proxy and a sandbox CRM, until Ctrl-C |
//! | `test` | every check and every test |
//! | `dist` | the widget as it is shipped, as a package for npm, and its weight |
//! | `bench` | the widget beside other ways to make a form, in figures |
//! | `screenshots` | pictures of all states of the form |
//! | `guide` | builds the guide and follows its links |
//! | `tidy` | the invariants of ARCHITECTURE.md |
//!
//! It is not a part of the product: nothing depends on it, and it runs where developers and CI
//! work: Linux, macOS and WSL.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks to its person"
)]

#[cfg(not(unix))]
compile_error!("cargo xtask runs on Linux and macOS; on Windows, use it inside WSL");

mod bench;
mod browse;
mod dist;
mod documents;
mod env;
mod failure;
mod files;
mod flags;
mod guide;
mod look;
mod prose;
mod repo;
mod run;
mod serve;
mod setup;
mod skipped;
mod supply;
mod test;
mod tidy;
mod workspace;

use clap::Parser as _;
use flags::{Command, Flags};
use std::process::ExitCode;

fn main() -> ExitCode {
    let flags = Flags::parse();
    match run::signals::stop_children_on_signals().and_then(|()| obey(flags.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn obey(command: Command) -> failure::Result {
    match command {
        Command::Setup { purpose, engines } => setup::command(purpose, &engines),
        Command::Env => env::command(),
        Command::Serve(flags) => serve::command(&flags),
        Command::Test { only, engines } => test::command(only, &engines),
        Command::Dist(flags) => dist::command(&flags),
        Command::Bench(flags) => bench::command(&flags),
        Command::Screenshots => look::screenshots(),
        Command::Guide => guide::command(),
        Command::Tidy => tidy::command(),
    }
}
