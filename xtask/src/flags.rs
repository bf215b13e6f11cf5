//! The commands and their flags.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Everything needed to work on deal-form, from an empty machine to a release.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Flags {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One command, one job.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Installs the tools that are missing; the other commands do this by themselves
    Setup {
        /// What to get ready for
        #[arg(long = "for", value_enum, default_value_t = Purpose::Test)]
        purpose: Purpose,
    },
    /// Prints what makes `trunk serve` and `wasm-pack test` work: eval "$(cargo xtask env)"
    Env,
    /// Builds and starts the form, its proxy and a sandbox CRM, until Ctrl-C
    Serve(ServeFlags),
    /// Runs every check and every test, the quick ones first
    Test {
        /// Only this step
        #[arg(long, value_enum, value_name = "STEP")]
        only: Option<StepName>,
    },
    /// Builds the widget as it is shipped and prints what it weighs
    Dist {
        /// The folder to make
        #[arg(long, default_value = "dist", value_name = "FOLDER")]
        out: PathBuf,
    },
    /// Checks what ARCHITECTURE.md promises: who depends on whom, and that named paths exist
    Tidy,
}

/// What the tools are needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Purpose {
    /// Building and serving the widget while working on it
    Serve,
    /// The release bundle
    Dist,
    /// All of it, and a browser with its driver
    Test,
}

/// Where `serve` listens, and what it builds.
#[derive(Debug, Clone, Args)]
pub(crate) struct ServeFlags {
    /// Port of the form
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// Port of the sandbox CRM
    #[arg(long, default_value_t = 8090)]
    pub(crate) crm_port: u16,
    /// Port of the proxy
    #[arg(long, default_value_t = 8070)]
    pub(crate) proxy_port: u16,
    /// Builds the widget as it is shipped: small and fast, but slow to build
    #[arg(long)]
    pub(crate) release: bool,
}

/// The steps of `test`, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StepName {
    /// rustfmt
    Fmt,
    /// The invariants of ARCHITECTURE.md
    Tidy,
    /// clippy for this machine
    Clippy,
    /// clippy for the browser
    ClippyWasm,
    /// Unit, integration and doc tests that need no browser
    Native,
    /// rustdoc without warnings
    Doc,
    /// The widget's tests in a headless browser, by wasm-pack
    Browser,
    /// The release bundle and its weight
    Dist,
    /// Whole journeys in a browser against the real servers
    E2e,
}
