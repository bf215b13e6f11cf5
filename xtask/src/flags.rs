//! The commands and their flags.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::{fmt, path::PathBuf};

/// Sets up, serves, tests and releases deal-form
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Flags {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Installs missing tools; the other commands also do this
    Setup {
        /// What the tools are for
        #[arg(long = "for", value_enum, default_value_t = Purpose::Test)]
        purpose: Purpose,
        /// The browser engines to install, separated by commas; by default Chromium
        #[arg(long, value_enum, value_delimiter = ',', value_name = "ENGINES")]
        engines: Vec<Engine>,
    },
    /// Prints shell exports for `trunk serve` and for all installed tools:
    /// eval "$(cargo xtask env)"
    Env,
    /// Builds and starts the form, its proxy and a sandbox CRM, until Ctrl-C
    Serve(ServeFlags),
    /// Runs all checks and tests, the fast ones first
    Test {
        /// Only this step
        #[arg(long, value_enum, value_name = "STEP")]
        only: Option<StepName>,
        /// The browser engines to test in, separated by commas, and installed if they are missing;
        /// by default Chromium and all installed engines
        #[arg(long, value_enum, value_delimiter = ',', value_name = "ENGINES")]
        engines: Vec<Engine>,
    },
    /// Builds the release bundle and the npm package, and prints their sizes
    Dist(DistFlags),
    /// Builds all files of a release: archive, Debian package, image, SBOM and checksums
    Release(ReleaseFlags),
    /// Compares the widget with other ways to build a form, and writes bench/RESULTS.md
    Bench(BenchFlags),
    /// Takes screenshots of the form in all its states, and writes them to docs/screenshots
    Screenshots,
    /// Builds the guide in target/guide, and checks the links in it and in all Markdown files
    Guide,
    /// Checks the invariants of ARCHITECTURE.md: dependencies, imports, words and paths
    Tidy,
}

/// A browser engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// Chromium or Chrome
    Chromium,
    /// Firefox
    Firefox,
    /// WebKitGTK's MiniBrowser, headless
    Webkit,
}

impl Engine {
    /// All engines, in the order in which they are tested.
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

/// The purpose of the tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Purpose {
    /// `cargo xtask serve`
    Serve,
    /// The release bundle
    Dist,
    /// All of the above, and the tests that run in a browser
    Test,
}

/// The flags of `dist`.
#[derive(Debug, Clone, Args)]
pub(crate) struct DistFlags {
    /// The folder for the bundle; the npm package is in FOLDER-npm
    #[arg(long, default_value = "dist", value_name = "FOLDER")]
    pub(crate) out: PathBuf,
}

/// The flags of `release`.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReleaseFlags {
    /// The folder for the files
    #[arg(long, default_value = "target/release-files", value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// Only checks that the parts exist, and prints the names of the files
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// The flags of `bench`.
#[derive(Debug, Clone, Args)]
pub(crate) struct BenchFlags {
    /// Only this section or group of sections; may be given more than once
    #[arg(long, value_enum, value_name = "SECTION")]
    pub(crate) only: Vec<BenchSection>,
    /// How many times to measure everything; by default five
    #[arg(long, value_name = "NUMBER")]
    pub(crate) rounds: Option<usize>,
    /// Writes the report from the stored results, without measuring
    #[arg(long, conflicts_with_all = ["only", "rounds"])]
    pub(crate) render: bool,
}

/// The sections of the report, with the names that the program `bench` uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchSection {
    /// All sections that need a browser
    Browser,
    /// Bytes, requests, and how soon a visitor with a slow phone can type
    Load,
    /// The time for each key in short and long forms
    Typing,
    /// The memory that a form uses, and the memory for sending 99 MB of files
    Memory,
    /// All sections that need no browser
    Servers,
    /// The proxy compared with nginx: throughput, memory, and added latency
    Proxy,
    /// The contract's rules and the proxy's intake, measured with criterion
    Native,
}

/// The flags of `serve`.
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
    /// An origin whose pages may use the forms, such as `http://localhost:3000`; repeat it for several
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) allow: Vec<String>,
    /// Builds the widget as for a release: small and fast, but slow to build
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
    /// Spelling, and the words of documents and comments
    Prose,
    /// Versions, licences, sources and known vulnerabilities of dependencies
    Dependencies,
    /// The packages of the crates that are published
    Packages,
    /// clippy for this machine
    Clippy,
    /// clippy for the browser
    ClippyWasm,
    /// Unit, integration and doc tests that need no browser
    Native,
    /// rustdoc without warnings, the guide, and all links
    Doc,
    /// The widget's tests in Chromium and Firefox, with wasm-pack
    Browser,
    /// The release bundle and its size budgets
    Dist,
    /// Whole journeys in each browser against the real servers
    E2e,
}
