//! The command `deal-proxy`.

mod commands;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::commands::{Cli, CliError};

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(code) => code,
        // The reader closed the pipe early, as in `deal-proxy parameters | head`.
        Err(CliError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed, the error cannot be reported anywhere.
            let _ = writeln!(io::stderr(), "deal-proxy: {error}");
            ExitCode::FAILURE
        }
    }
}
