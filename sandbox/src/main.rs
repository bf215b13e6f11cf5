//! The program `crm-sandbox`: replaces the CRM until it gets SIGINT or SIGTERM.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use crm_sandbox::{CustomField, DEFAULT_KEY, EmptyValues, Key, Options, Sandbox, StartError};
use thiserror::Error;
use tokio::signal::unix::{SignalKind, signal};

/// A local replacement for the CRM's `crm_add_deal`, for development and tests.
///
/// Open its address in a browser to see the deals. Calls go to `/site/api/crm_add_deal`.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on; port 0 selects a free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Folder for deals and files
    #[arg(long, value_name = "DIR", default_value = "./data/sandbox")]
    data: PathBuf,
    /// API key that callers must send
    #[arg(
        long,
        value_name = "KEY",
        env = "CRM_SANDBOX_KEY",
        hide_env_values = true,
        default_value = DEFAULT_KEY
    )]
    key: String,
    /// Whether an empty value keeps or clears an earlier value
    #[arg(long, value_enum, value_name = "MEANING", default_value_t = EmptyValues::Keep)]
    empty_values: EmptyValues,
    /// Custom field in the CRM's settings; can be repeated. The CRM ignores all others
    #[arg(long = "custom-field", value_name = "NAME")]
    custom_fields: Vec<String>,
    /// Custom field that identifies a contact; can be repeated
    #[arg(long = "unique-field", value_name = "NAME")]
    unique_fields: Vec<String>,
}

#[derive(Debug, Error)]
enum MainError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("cannot listen for signals or write to stdout")]
    System(#[from] io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    match serve(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let first: &dyn std::error::Error = &error;
            for cause in std::iter::successors(Some(first), |error| error.source()) {
                tracing::error!("{cause}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> Result<(), MainError> {
    // Listen for signals before printing the address, because a caller that waits for the address may send
    // a signal immediately.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let custom = arguments.custom_fields.into_iter().map(CustomField::new);
    let unique = arguments.unique_fields.into_iter().map(CustomField::unique);
    let sandbox = Sandbox::start(Options {
        listen: arguments.listen,
        key: Key::new(arguments.key),
        empty_values: arguments.empty_values,
        custom_fields: custom.chain(unique).collect(),
        ..Options::new(arguments.data)
    })
    .await?;
    writeln!(io::stdout(), "listening on {}", sandbox.url())?;
    io::stdout().flush()?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    sandbox.stop().await;
    Ok(())
}
