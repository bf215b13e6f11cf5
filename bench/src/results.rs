//! Raw results, as they are kept in `results/`, each section in a file of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde::{Deserialize, Serialize};

/// One section, measured in one go.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) title: String,
    /// When it was begun, in UTC.
    pub(crate) date: String,
    pub(crate) machine: Machine,
    /// Programs and libraries, with their versions.
    pub(crate) versions: Vec<(String, String)>,
    /// None where each figure was measured as often as it took.
    pub(crate) rounds: Option<usize>,
    pub(crate) tables: Vec<Table>,
}

/// What the code of a section measured.
pub(crate) struct Measured {
    pub(crate) tables: Vec<Table>,
    /// Programs and libraries, with their versions.
    pub(crate) versions: Vec<(String, String)>,
}

/// Where it was measured.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_gb: u64,
    pub(crate) system: String,
    /// How many programs wanted a core in the minute before, as `/proc/loadavg` has it.
    pub(crate) load: String,
}

/// What was measured in one way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) title: String,
    /// How it was measured, in Markdown.
    pub(crate) method: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    pub(crate) plots: Vec<Plot>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) goals: Vec<Goal>,
}

/// A kind of figure.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) unit: String,
    /// What it says, as the rest of a sentence that begins with the name.
    pub(crate) meaning: String,
    pub(crate) better: Better,
}

/// Which of two figures one would rather have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Better {
    /// As of times and sizes.
    Lower,
    /// As of throughput.
    Higher,
}

/// What was measured of one thing.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) case: String,
    /// Whether it is this project's own.
    pub(crate) ours: bool,
    /// One for each column: a value of each round; none where this machine does not tell.
    pub(crate) figures: Vec<Vec<f64>>,
}

/// A picture of some columns: bars.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plot {
    /// Its name in `plots/`, without the ending.
    pub(crate) file: String,
    pub(crate) title: String,
    /// The names of the columns, all of the same unit.
    pub(crate) columns: Vec<String>,
}

/// What a figure has to reach.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Goal {
    /// What the figure is of.
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) better: Better,
    /// The least or the most that it may be.
    pub(crate) bound: f64,
    /// A value of each round.
    pub(crate) figures: Vec<f64>,
}

impl Column {
    pub(crate) fn new(name: &str, unit: &str, meaning: &str, better: Better) -> Self {
        let [name, unit, meaning] = [name, unit, meaning].map(str::to_owned);
        Self { name, unit, meaning, better }
    }
}

impl Row {
    /// A row before the first round.
    pub(crate) fn empty(case: &str, ours: bool, columns: usize) -> Self {
        Self { case: case.to_owned(), ours, figures: vec![Vec::new(); columns] }
    }

    /// Adds what a round gave, a value for each column.
    pub(crate) fn add(&mut self, round: Vec<f64>) {
        assert_eq!(round.len(), self.figures.len(), "a value for each column of {}", self.case);
        for (figure, value) in self.figures.iter_mut().zip(round) {
            figure.push(value);
        }
    }
}

impl Plot {
    pub(crate) fn new(file: &str, title: &str, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|&name| name.to_owned()).collect();
        Self { file: file.to_owned(), title: title.to_owned(), columns }
    }
}

/// Bytes in megabytes.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "sizes are below 2^53")]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// What of this repository was measured: its version, and the commit, if git knows it.
pub(crate) fn ours(name: &str) -> (String, String) {
    let mut git = Command::new("git");
    git.args(["describe", "--always", "--dirty", "--exclude=*"]).current_dir(place(""));
    let commit = git.output().ok().filter(|told| told.status.success());
    let commit = commit.map(|told| String::from_utf8_lossy(&told.stdout).trim().to_owned());
    let commit = commit.map_or(String::new(), |commit| format!(" ({commit})"));
    (name.to_owned(), format!("{}{commit}", env!("CARGO_PKG_VERSION")))
}

/// A folder or a file of this crate.
pub(crate) fn place(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Replaces what was known of a section.
pub(crate) fn keep(section: &str, results: &Results) {
    let json = serde_json::to_string_pretty(results).unwrap();
    fs::write(file(section), json + "\n").unwrap();
}

/// What is known of a section, if it was ever measured.
pub(crate) fn kept(section: &str) -> Option<Results> {
    let json = fs::read(file(section)).ok()?;
    Some(serde_json::from_slice(&json).unwrap_or_else(|error| panic!("{section}: {error}")))
}

fn file(section: &str) -> PathBuf {
    place("results").join(format!("{section}.json"))
}
