//! The commands of `deal-proxy`.

mod check;
mod cli;
mod error;
mod signals;
mod submissions;

pub(crate) use self::cli::Cli;
pub(crate) use self::error::CliError;
