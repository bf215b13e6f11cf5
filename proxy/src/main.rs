//! The command `deal-proxy`.

mod cli;
mod signals;
mod submissions;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    log();
    match cli.run().await {
        Ok(code) => code,
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
    let wanted = std::env::var("RUST_LOG").ok().and_then(|filter| filter.parse::<Targets>().ok());
    let filter = wanted.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    tracing_subscriber::registry().with(filter).with(lines).init();
}
