//! Small submissions, by the load tool wrk.

use std::fs;
use std::process::Command;

use serde::Deserialize;

use super::target::Target;

const SCRIPT: &str = include_str!("enquiry.lua");

/// What came of a run.
#[derive(Debug, Deserialize)]
pub(super) struct Run {
    pub(super) submissions: f64,
    microseconds: f64,
    /// Microseconds that half of the submissions did not exceed.
    p50: f64,
    /// That 99 of 100 did not exceed.
    p99: f64,
    /// Submissions without the answer that the deal is there.
    lost: u64,
}

/// wrk's version; none where there is no wrk.
pub(super) fn version() -> Option<String> {
    let told = Command::new("wrk").arg("-v").output().ok()?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    Some(told.split_whitespace().nth(1)?.to_owned())
}

/// Sends for some seconds, with so many visitors at once.
pub(super) fn run(target: &Target, visitors: usize, seconds: u32) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("enquiry.lua");
    fs::write(&script, SCRIPT).unwrap();
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads=1", &format!("--connections={visitors}")]);
    wrk.arg(format!("--duration={seconds}s")).arg("--script").arg(script);
    wrk.args([&target.url, "--"]);
    wrk.args(target.added.iter().map(|(name, value)| format!("{name}={value}")));
    let output = wrk.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let figures = told.lines().find_map(|line| line.strip_prefix("figures "));
    let figures = figures.unwrap_or_else(|| panic!("wrk: {output:?}"));
    let run: Run = serde_json::from_str(figures).unwrap();
    assert_eq!(run.lost, 0, "{} refused submissions: {told}", target.name);
    run
}

impl Run {
    /// Milliseconds that half of the submissions, and 99 of 100, did not exceed.
    pub(super) fn milliseconds(&self) -> [f64; 2] {
        [self.p50, self.p99].map(|microseconds| microseconds / 1000.0)
    }

    pub(super) fn per_second(&self) -> f64 {
        self.submissions / (self.microseconds / 1e6)
    }
}
