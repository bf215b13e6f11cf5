//! The raw results, stored in `results/` with one file per section.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde::{Deserialize, Serialize};

/// The results for one section.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) title: String,
    /// When the measurement started, in UTC.
    pub(crate) date: String,
    pub(crate) machine: Machine,
    /// Programs and libraries, with their versions.
    pub(crate) versions: Vec<(String, String)>,
    /// `None` if the section chooses its own number of measurements.
    pub(crate) rounds: Option<usize>,
    pub(crate) tables: Vec<Table>,
}

/// The values that a section's code returns.
pub(crate) struct Measured {
    pub(crate) tables: Vec<Table>,
    /// Programs and libraries, with their versions.
    pub(crate) versions: Vec<(String, String)>,
}

/// The machine on which a section was measured.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_gb: u64,
    pub(crate) system: String,
    /// The load average over the previous minute, from `/proc/loadavg`.
    pub(crate) load: String,
}

/// A table with values that were measured with the same method.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) title: String,
    /// How the values were measured, in Markdown.
    pub(crate) method: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    pub(crate) plots: Vec<Plot>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) goals: Vec<Goal>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) unit: String,
    /// The column's meaning, as the rest of a sentence that begins with the column's name.
    pub(crate) meaning: String,
    pub(crate) better: Better,
}

/// Whether lower or higher values are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Better {
    /// For times and sizes.
    Lower,
    /// For throughput.
    Higher,
}

/// The values for one case.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) case: String,
    /// Whether the values are for deal-form, not for an alternative.
    pub(crate) ours: bool,
    /// For each column, the values from all rounds; empty if this machine cannot measure them.
    pub(crate) figures: Vec<Vec<f64>>,
}

/// A bar chart for some of the table's columns.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plot {
    /// The file name in `plots/`, without the extension.
    pub(crate) file: String,
    pub(crate) title: String,
    /// The names of the columns, which have the same unit.
    pub(crate) columns: Vec<String>,
}

/// A target for a value.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Goal {
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) better: Better,
    /// The minimum or maximum.
    pub(crate) bound: f64,
    /// The values from all rounds.
    pub(crate) figures: Vec<f64>,
}

impl Column {
    pub(crate) fn new(name: &str, unit: &str, meaning: &str, better: Better) -> Self {
        let [name, unit, meaning] = [name, unit, meaning].map(str::to_owned);
        Self { name, unit, meaning, better }
    }
}

impl Row {
    /// Creates a row without values, for use before the first round.
    pub(crate) fn empty(case: &str, ours: bool, columns: usize) -> Self {
        Self { case: case.to_owned(), ours, figures: vec![Vec::new(); columns] }
    }

    /// Adds the values from a round, one for each column.
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

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "sizes are below 2^53")]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Returns the name of a measured program, with its version and, if git is available, its commit.
pub(crate) fn ours(name: &str) -> (String, String) {
    let mut git = Command::new("git");
    git.args(["describe", "--always", "--dirty", "--exclude=*"]).current_dir(path(""));
    let output = git.output().ok().filter(|output| output.status.success());
    let commit = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let commit = commit.map_or(String::new(), |commit| format!(" ({commit})"));
    (name.to_owned(), format!("{}{commit}", env!("CARGO_PKG_VERSION")))
}

/// Returns the path of a folder or file in this crate.
pub(crate) fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Stores a section's results, and replaces earlier results.
pub(crate) fn store(section: &str, results: &Results) {
    let json = serde_json::to_string_pretty(results).unwrap();
    fs::write(file(section), json + "\n").unwrap();
}

/// Returns a section's stored results, or `None` if the section has not been measured yet.
pub(crate) fn load(section: &str) -> Option<Results> {
    let json = fs::read(file(section)).ok()?;
    Some(serde_json::from_slice(&json).unwrap_or_else(|error| panic!("{section}: {error}")))
}

fn file(section: &str) -> PathBuf {
    path("results").join(format!("{section}.json"))
}
