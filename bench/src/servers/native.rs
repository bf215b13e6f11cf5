//! The parts by themselves, by criterion.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use serde_json::Value;

use crate::results::{Better, Column, Measured, Row, Table, ours};

/// What criterion found out about one case.
struct Found {
    /// Group and case.
    name: String,
    /// When that was.
    date: SystemTime,
    /// Nanoseconds: the median, and the bounds between which it is at a confidence of 95 %.
    median: [f64; 3],
    /// Bytes that are worked through in that time, where that says something.
    bytes: Option<f64>,
}

pub(crate) fn measure(_rounds: usize) -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["bench", "--quiet", "-p", "deal-contract", "-p", "deal-proxy"]);
    cargo.args(["--features", "deal-contract/author"]).current_dir(crate::results::place(".."));
    let status = cargo.env("CRITERION_HOME", folder.path()).status().unwrap();
    assert!(status.success(), "cargo bench failed");
    let mut found = Vec::new();
    collect(folder.path(), &mut found);
    found.sort_by_key(|found| found.date);
    let (streams, calls): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|found| found.bytes.is_some());
    Measured { tables: vec![called(&calls), streamed(&streams)], versions: versions() }
}

fn called(found: &[Found]) -> Table {
    Table {
        title: "Rules".to_owned(),
        method:
            "The widget runs `check` before it sends, and the proxy runs it for each submission. \
            It is measured for an enquiry of eight questions, once with all answers valid and \
            once with all answers wrong, and for the largest submission that the proxy accepts \
            by default: 180 texts of 20,000 characters and 20 files. `definition` reads a form \
            file from `examples/forms`. In brackets is the confidence interval of the median, at \
            95 %."
                .to_owned(),
        columns: vec![time("µs")],
        rows: found.iter().map(|found| row(found, vec![found.within(1e3)])).collect(),
        plots: Vec::new(),
        goals: Vec::new(),
    }
}

fn streamed(found: &[Found]) -> Table {
    let throughput = Column::new("throughput", "MB/s", "of the body, in that time", Better::Higher);
    Table {
        title: "The intake".to_owned(),
        method:
            "`multipart` parses a body and stores nothing. `spool` does all work until the files \
            are synced to the disk, and then removes them. The body is already in memory. Pieces \
            of 16 kB are the size of TLS records; 400 kB is the most that the server reads at \
            once."
                .to_owned(),
        columns: vec![time("ms"), throughput],
        rows: found
            .iter()
            .map(|found| row(found, vec![found.within(1e6), found.speed()]))
            .collect(),
        plots: Vec::new(),
        goals: Vec::new(),
    }
}

fn time(unit: &str) -> Column {
    Column::new("time", unit, "for one call", Better::Lower)
}

fn row(found: &Found, figures: Vec<Vec<f64>>) -> Row {
    Row { case: found.name.clone(), ours: true, figures }
}

impl Found {
    /// The times in a unit of so many nanoseconds.
    fn within(&self, nanoseconds: f64) -> Vec<f64> {
        self.median.map(|time| time / nanoseconds).into()
    }

    /// Megabytes a second.
    fn speed(&self) -> Vec<f64> {
        self.median.map(|time| self.bytes.unwrap_or(0.0) * 1e3 / time).into()
    }
}

/// Looks for cases in a folder of criterion's and all below it.
fn collect(folder: &Path, found: &mut Vec<Found>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("new") {
            found.push(read(&path));
        } else if path.is_dir() {
            collect(&path, found);
        }
    }
}

fn read(folder: &Path) -> Found {
    let json =
        |path: &PathBuf| -> Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
    let (estimates, about) = (folder.join("estimates.json"), folder.join("benchmark.json"));
    let date = fs::metadata(&estimates).unwrap().modified().unwrap();
    let (estimates, about) = (json(&estimates), json(&about));
    let median = &estimates["median"];
    let bounds = &median["confidence_interval"];
    let median = [&bounds["lower_bound"], &median["point_estimate"], &bounds["upper_bound"]];
    Found {
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
