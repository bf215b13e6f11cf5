//! The command `deal-proxy`.

mod commands;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use tracing::{Level, warn};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::commands::{Cli, CliError};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    log();
    match cli.run().await {
        Ok(code) => code,
        // Whoever reads has seen enough: `deal-proxy parameters | head`.
        Err(CliError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to tell of a standard error that is closed.
            let _ = writeln!(io::stderr(), "deal-proxy: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Logs to standard error what `RUST_LOG` asks for, such as `debug` or `deal_proxy=debug,warn`;
/// by default what the proxy does.
fn log() {
    let wanted = std::env::var("RUST_LOG").unwrap_or_default();
    let filter = read(&wanted);
    let usual = || Targets::new().with_default(LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    tracing_subscriber::registry().with(filter.clone().unwrap_or_else(usual)).with(lines).init();
    if filter.is_none() && !wanted.is_empty() {
        warn!(
            RUST_LOG = wanted,
            "not a filter by which the proxy logs anything: write a level (error, warn, info, \
             debug, trace, off) or deal_proxy=debug,warn; it logs as usual"
        );
    }
}

/// The filter, unless it is none, or one by which nothing of ours would be logged: a mistyped level
/// reads as the name of a program's part.
fn read(wanted: &str) -> Option<Targets> {
    if wanted.is_empty() {
        return None;
    }
    let filter = wanted.parse::<Targets>().ok()?;
    let ours = filter.would_enable("deal_proxy", &Level::ERROR);
    (ours || wanted.contains("off")).then_some(filter)
}
