//! The commands and their flags.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::{fmt, path::PathBuf};

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
        /// The engines to test in, installed where they are missing; by default Chromium
        #[arg(long, value_enum, value_delimiter = ',', value_name = "ENGINES")]
        engines: Vec<Engine>,
    },
    /// Prints what makes `trunk serve` work, and names all other tools that are there:
    /// eval "$(cargo xtask env)"
    Env,
    /// Builds and starts the form, its proxy and a sandbox CRM, until Ctrl-C
    Serve(ServeFlags),
    /// Runs every check and every test, the quick ones first
    Test {
        /// Only this step
        #[arg(long, value_enum, value_name = "STEP")]
        only: Option<StepName>,
        /// The engines to test in, installed where they are missing; by default Chromium and those
        /// that are there
        #[arg(long, value_enum, value_delimiter = ',', value_name = "ENGINES")]
        engines: Vec<Engine>,
    },
    /// Builds the widget as it is shipped, also as a package for npm, and prints what it weighs
    Dist(DistFlags),
    /// Measures the widget beside other ways to make a form, into bench/RESULTS.md
    Bench(BenchFlags),
    /// Takes pictures of all states of the form, into docs/screenshots
    Screenshots,
    /// Builds the guide, into target/guide, and checks the links of it and of all Markdown files
    Guide,
    /// Checks what ARCHITECTURE.md promises: who depends on whom, and that named paths exist
    Tidy,
}

/// What draws pages and runs their scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// Chromium or Chrome
    Chromium,
    /// Firefox
    Firefox,
    /// WebKitGTK's small browser, without a screen to be seen
    Webkit,
}

impl Engine {
    /// All of them, in the order in which they are tested.
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        })
    }
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

/// What `dist` makes, and where.
#[derive(Debug, Clone, Args)]
pub(crate) struct DistFlags {
    /// The folder to make; the package for npm goes beside it, as FOLDER-npm
    #[arg(long, default_value = "dist", value_name = "FOLDER")]
    pub(crate) out: PathBuf,
}

/// What is measured, and how often.
#[derive(Debug, Clone, Args)]
pub(crate) struct BenchFlags {
    /// Only this section or group of sections; may be given more than once
    #[arg(long, value_enum, value_name = "SECTION")]
    pub(crate) only: Vec<BenchSection>,
    /// How often everything is measured; five times unless you say otherwise
    #[arg(long, value_name = "NUMBER")]
    pub(crate) rounds: Option<usize>,
    /// Measures nothing: makes the report anew from the results that are there
    #[arg(long, conflicts_with_all = ["only", "rounds"])]
    pub(crate) render: bool,
}

/// The sections, by the names that the program `bench` has for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchSection {
    /// All that needs a browser
    Browser,
    /// Bytes, requests, and how soon a visitor with a slow phone can begin to type
    Load,
    /// What a key costs in short and long forms
    Typing,
    /// What a form holds, and what 99 MB of files cost while they are sent
    Memory,
    /// All that needs none
    Servers,
    /// The proxy beside nginx: throughput, memory, and what it adds to a small submission
    Proxy,
    /// Rules and intake by themselves, by criterion
    Native,
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
    /// The spelling and the style of the documents
    Prose,
    /// Versions, licences, sources and known faults of the dependencies
    Dependencies,
    /// clippy for this machine
    Clippy,
    /// clippy for the browser
    ClippyWasm,
    /// Unit, integration and doc tests that need no browser
    Native,
    /// rustdoc without warnings, the guide, and all links
    Doc,
    /// The widget's tests in Chromium and Firefox, by wasm-pack
    Browser,
    /// The release bundle and its weight
    Dist,
    /// Whole journeys in each browser against the real servers
    E2e,
}
