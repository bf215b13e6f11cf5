//! The browser engines. Each run of the journeys uses one.

use std::env;
use std::fs::File;
use std::io::{self, Write as _};
use std::thread;

/// A browser engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, the engine of Chrome and Edge.
    Chromium,
    /// Firefox.
    Firefox,
    /// WebKitGTK, which shares most of its code with Safari.
    WebKit,
}

impl Engine {
    /// All engines.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// Returns the engine for this run: the one that `DEAL_FORM_ENGINE` names, or Chromium if the
    /// variable is not set.
    pub fn current() -> Self {
        let Ok(named) = env::var("DEAL_FORM_ENGINE") else { return Self::Chromium };
        let found = Self::ALL.into_iter().find(|engine| engine.name().to_lowercase() == named);
        found.unwrap_or_else(|| {
            panic!("DEAL_FORM_ENGINE is {named}; set it to chromium, firefox or webkit")
        })
    }

    /// Returns the engine's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        }
    }
}

/// Returns from a journey whose result cannot differ between engines, unless this engine was chosen to
/// run the journey.
#[macro_export]
macro_rules! run_in_one_engine {
    () => {
        if $crate::runs_in_another_engine() {
            return;
        }
    };
}

/// If this run does not use the given engine, prints why it skips the journey, and returns from it.
#[macro_export]
macro_rules! run_only_in {
    ($engine:ident, $why:expr) => {
        if !$crate::runs_in($crate::Engine::$engine, $why) {
            return;
        }
    };
}

/// If this run uses the given engine, prints why the journey is skipped and returns from it.
#[macro_export]
macro_rules! skip_in {
    ($engine:ident, $why:expr) => {
        if !$crate::runs_outside($crate::Engine::$engine, $why) {
            return;
        }
    };
}

/// Returns whether another engine runs the journey that calls this function. `DEAL_FORM_ENGINES` lists
/// the engines of the whole test run, and the journey's name selects one of them. Without the
/// variable, every engine runs every journey.
pub fn runs_in_another_engine() -> bool {
    let named = env::var("DEAL_FORM_ENGINES").unwrap_or_default();
    let engines: Vec<&str> = named.split(',').collect();
    let this = Engine::current().name().to_lowercase();
    if !engines.contains(&&*this) {
        return false;
    }
    let sum: usize = thread::current().name().unwrap_or_default().bytes().map(usize::from).sum();
    engines[sum % engines.len()] != this
}

/// Returns whether this run uses `engine`. If not, prints that the journey is skipped, and why.
pub fn runs_in(engine: Engine, why: &str) -> bool {
    print_unless(Engine::current() == engine, why)
}

/// Returns whether this run uses an engine other than `engine`. If not, prints that the journey is
/// skipped, and why.
pub fn runs_outside(engine: Engine, why: &str) -> bool {
    print_unless(Engine::current() != engine, why)
}

/// Does the same as [`runs_outside`] for a part of a journey.
pub(super) fn part_runs_outside(engine: Engine, why: &str) -> bool {
    let runs = Engine::current() != engine;
    if !runs {
        print_skipped(&format!("in part, in {}: {why}", engine.name()));
    }
    runs
}

fn print_unless(runs: bool, why: &str) -> bool {
    if !runs {
        print_skipped(&format!("in {}: {why}", Engine::current().name()));
    }
    runs
}

fn print_skipped(why: &str) {
    let test = thread::current().name().unwrap_or("a journey").to_owned();
    // Do not use `eprintln!`: the test harness hides its output if the test passes.
    let _ = writeln!(io::stderr(), "SKIPPED {test} {why}");
}

/// Prints that the journey is skipped because a tool is missing. Also writes this to the file that
/// `DEAL_FORM_SKIPPED` names, for `cargo xtask test`.
pub fn report_missing_tool(what: &str) {
    print_skipped(what);
    if let Some(notes) = env::var_os("DEAL_FORM_SKIPPED") {
        let mut notes = File::options().append(true).create(true).open(notes).unwrap();
        writeln!(notes, "{what}").unwrap();
    }
}
