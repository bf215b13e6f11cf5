//! Measures the contract's rules and the proxy's intake with criterion.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use serde_json::Value;

use crate::results::{Better, Column, Measured, Row, Table, ours};

/// Criterion's result for one case.
struct Estimate {
    /// The names of the case and of criterion's group that contains it.
    name: String,
    /// When the case was measured.
    date: SystemTime,
    /// In nanoseconds: the lower bound, the median and the upper bound, at a confidence of 95 %.
    median: [f64; 3],
    /// The bytes that one call processes, or `None` if criterion does not measure the case's throughput.
    bytes: Option<f64>,
}

pub(crate) fn measure(_rounds: usize) -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["bench", "--quiet", "-p", "deal-contract", "-p", "deal-proxy"]);
    cargo.args(["--features", "deal-contract/author"]).current_dir(crate::results::path(".."));
    let status = cargo.env("CRITERION_HOME", folder.path()).status().unwrap();
    assert!(status.success(), "cargo bench failed");
    let mut found = Vec::new();
    collect(folder.path(), &mut found);
    found.sort_by_key(|estimate| estimate.date);
    let (intake, rules): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|estimate| estimate.bytes.is_some());
    Measured { tables: vec![rules_table(&rules), intake_table(&intake)], versions: versions() }
}

fn rules_table(found: &[Estimate]) -> Table {
    Table {
        title: "Rules".to_owned(),
        method:
            "The widget runs `check` before it sends, and the proxy runs it for each submission. \
            The cases are an enquiry of eight questions, with all answers valid and with all \
            answers invalid, and the largest submission that the proxy accepts by default: 180 \
            texts of 20,000 characters and 20 files. `definition` reads a form file from \
            `examples/forms`. In brackets is the 95 % confidence interval of the median."
                .to_owned(),
        columns: vec![time("µs")],
        rows: found.iter().map(|estimate| row(estimate, vec![estimate.times(1e3)])).collect(),
        plots: Vec::new(),
        goals: Vec::new(),
    }
}

fn intake_table(found: &[Estimate]) -> Table {
    let throughput = Column::new(
        "throughput",
        "MB/s",
        "the size of the body, divided by this time",
        Better::Higher,
    );
    Table {
        title: "The intake".to_owned(),
        method:
            "`multipart` parses a body and stores nothing. `spool` also writes the files and syncs \
            them to the disk, and then removes them. The body is already in memory. Pieces of \
            16 kB are the size of TLS records; the server reads at most 400 kB at once."
                .to_owned(),
        columns: vec![time("ms"), throughput],
        rows: found
            .iter()
            .map(|estimate| row(estimate, vec![estimate.times(1e6), estimate.throughput()]))
            .collect(),
        plots: Vec::new(),
        goals: Vec::new(),
    }
}

fn time(unit: &str) -> Column {
    Column::new("time", unit, "for one call", Better::Lower)
}

fn row(estimate: &Estimate, figures: Vec<Vec<f64>>) -> Row {
    Row { case: estimate.name.clone(), ours: true, figures }
}

impl Estimate {
    /// Returns the times in a unit of this many nanoseconds.
    fn times(&self, nanoseconds: f64) -> Vec<f64> {
        self.median.map(|time| time / nanoseconds).into()
    }

    /// Returns the throughput in megabytes per second.
    fn throughput(&self) -> Vec<f64> {
        self.median.map(|time| self.bytes.unwrap_or(0.0) * 1e3 / time).into()
    }
}

/// Collects the results in one of criterion's folders and its subfolders.
fn collect(folder: &Path, found: &mut Vec<Estimate>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("new") {
            found.push(read(&path));
        } else if path.is_dir() {
            collect(&path, found);
        }
    }
}

fn read(folder: &Path) -> Estimate {
    let json =
        |path: &PathBuf| -> Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
    let (estimates, about) = (folder.join("estimates.json"), folder.join("benchmark.json"));
    let date = fs::metadata(&estimates).unwrap().modified().unwrap();
    let (estimates, about) = (json(&estimates), json(&about));
    let median = &estimates["median"];
    let bounds = &median["confidence_interval"];
    let median = [&bounds["lower_bound"], &median["point_estimate"], &bounds["upper_bound"]];
    Estimate {
        name: about["full_id"].as_str().unwrap().to_owned(),
        date,
        median: median.map(|time| time.as_f64().unwrap()),
        bytes: about["throughput"]["Bytes"].as_f64(),
    }
}

fn versions() -> Vec<(String, String)> {
    let rustc = Command::new("rustc").arg("--version").output().unwrap();
    let rustc = String::from_utf8_lossy(&rustc.stdout).into_owned();
    let rustc = rustc.split(' ').nth(1).unwrap().to_owned();
    vec![ours("deal-form"), ("rustc".to_owned(), rustc)]
}
