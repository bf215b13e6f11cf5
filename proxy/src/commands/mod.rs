//! The commands of `deal-proxy`.

mod check;
mod cli;
mod error;
mod logging;
mod routes;
mod selection;
mod service_manager;
mod signals;
mod submissions;

pub(crate) use self::cli::Cli;
pub(crate) use self::error::CliError;
