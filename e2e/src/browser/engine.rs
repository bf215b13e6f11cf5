//! The engines that journeys run in, one in each run.

use std::env;
use std::fs::File;
use std::io::{self, Write as _};
use std::thread;

/// What draws pages and runs their scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, and so Chrome and Edge.
    Chromium,
    /// Firefox.
    Firefox,
    /// WebKitGTK, and so much of what Safari is.
    WebKit,
}

impl Engine {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// The engine of this run, which `DEAL_FORM_ENGINE` names.
    pub fn of_this_run() -> Self {
        let Ok(named) = env::var("DEAL_FORM_ENGINE") else { return Self::Chromium };
        let found = Self::ALL.into_iter().find(|engine| engine.name().to_lowercase() == named);
        found.unwrap_or_else(|| {
            panic!("DEAL_FORM_ENGINE is {named}; there are chromium, firefox and webkit")
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        }
    }
}

/// Ends a journey that cannot differ between engines, unless this is the one engine that runs it.
#[macro_export]
macro_rules! run_in_one_engine {
    () => {
        if $crate::in_another_engine() {
            return;
        }
    };
}

/// Whether another engine of this run takes over the journey that calls this. The name of the journey
/// decides, so that the engines share such journeys. `DEAL_FORM_ENGINES` names the engines of the run;
/// without it, each engine runs each journey.
pub fn in_another_engine() -> bool {
    let named = env::var("DEAL_FORM_ENGINES").unwrap_or_default();
    let engines: Vec<&str> = named.split(',').collect();
    let this = Engine::of_this_run().name().to_lowercase();
    if !engines.contains(&&*this) {
        return false;
    }
    let sum: usize = thread::current().name().unwrap_or_default().bytes().map(usize::from).sum();
    engines[sum % engines.len()] != this
}

/// Whether this run is in that engine. If it is not, says aloud that the test does not run and why:
/// the test is to return.
pub fn only_in(engine: Engine, why: &str) -> bool {
    runs(Engine::of_this_run() == engine, why)
}

/// Whether this run is in another engine than that. If it is not, as with [`only_in`].
pub fn not_in(engine: Engine, why: &str) -> bool {
    runs(Engine::of_this_run() != engine, why)
}

/// As [`not_in`], for a part of a test that goes on without it.
pub(super) fn part_not_in(engine: Engine, why: &str) -> bool {
    let here = Engine::of_this_run() != engine;
    if !here {
        skip(&format!("in part, in {}: {why}", engine.name()));
    }
    here
}

fn runs(here: bool, why: &str) -> bool {
    if !here {
        skip(&format!("in {}: {why}", Engine::of_this_run().name()));
    }
    here
}

/// Says that the test which calls this does not run, or not all of it.
fn skip(why: &str) {
    let test = thread::current().name().unwrap_or("a journey").to_owned();
    // Not `eprintln!`: what that says in a test that passes is not shown.
    let _ = writeln!(io::stderr(), "SKIPPED {test} {why}");
}

/// Says what this machine lacks for the test which calls this, and notes it where `cargo xtask test` wants
/// it: in the file that `DEAL_FORM_SKIPPED` names.
pub fn lack(why: &str) {
    skip(why);
    if let Some(notes) = env::var_os("DEAL_FORM_SKIPPED") {
        let mut notes = File::options().append(true).create(true).open(notes).unwrap();
        writeln!(notes, "{why}").unwrap();
    }
}
