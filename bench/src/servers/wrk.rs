//! Sends small submissions with the load generator wrk.

use std::fs;
use std::process::Command;

use serde::Deserialize;

use super::target::Target;

const SCRIPT: &str = include_str!("enquiry.lua");

/// The results from one run.
#[derive(Debug, Deserialize)]
pub(super) struct Run {
    pub(super) submissions: f64,
    microseconds: f64,
    /// In microseconds.
    p50: f64,
    /// In microseconds.
    p99: f64,
    /// The number of submissions whose response did not report a deal.
    failed: u64,
}

/// Returns wrk's version, or `None` if wrk is not installed.
pub(super) fn version() -> Option<String> {
    let output = Command::new("wrk").arg("-v").output().ok()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(printed.split_whitespace().nth(1)?.to_owned())
}

/// Sends submissions from several visitors at once, for `seconds` seconds.
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
    let printed = String::from_utf8_lossy(&output.stdout);
    let figures = printed.lines().find_map(|line| line.strip_prefix("figures "));
    let figures = figures.unwrap_or_else(|| panic!("wrk: {output:?}"));
    let run: Run = serde_json::from_str(figures).unwrap();
    assert_eq!(run.failed, 0, "{} refused submissions: {printed}", target.name);
    run
}

impl Run {
    /// Returns the median and the 99th percentile in milliseconds.
    pub(super) fn milliseconds(&self) -> [f64; 2] {
        [self.p50, self.p99].map(|microseconds| microseconds / 1000.0)
    }

    pub(super) fn per_second(&self) -> f64 {
        self.submissions / (self.microseconds / 1e6)
    }
}
