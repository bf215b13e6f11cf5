//! Writes `RESULTS.md` and its plots from all stored results.

mod goals;
mod losses;
mod plot;
mod statistics;
mod table;

use std::fmt::Write as _;
use std::fs;

use crate::results::{self, Machine, Results, Table};
use crate::sections::SECTIONS;

const INTRODUCTION: &str = include_str!("introduction.md");

/// Writes a report with all sections that have stored results.
pub(crate) fn write() {
    let plots = results::path("plots");
    fs::create_dir_all(&plots).unwrap();
    let mut text = INTRODUCTION.to_owned();
    for section in SECTIONS {
        if let Some(results) = results::load(section.name) {
            write_section(&mut text, section.name, &results);
        }
    }
    fs::write(results::path("RESULTS.md"), text).unwrap();
}

fn write_section(text: &mut String, name: &str, results: &Results) {
    write!(text, "\n## {}\n\n{}\n", results.title, conditions(name, results)).unwrap();
    for table in &results.tables {
        write_table(text, table);
    }
}

/// Formats the date, machine and versions for a section.
fn conditions(name: &str, results: &Results) -> String {
    let Machine { processor, cores, memory_gb, system, load } = &results.machine;
    let versions: Vec<_> =
        results.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let rounds = match results.rounds {
        None => String::new(),
        Some(1) => ", in one round".to_owned(),
        Some(rounds) => format!(", in {rounds} rounds"),
    };
    format!(
        "Measured on {}{rounds}, with `cargo xtask bench --only {name}`. Machine: {processor}, \
         {cores} cores, {memory_gb} GB, {system}; load average in the minute before: {load}. \
         Versions: {}.",
        results.date,
        versions.join(", ")
    )
}

fn write_table(text: &mut String, table: &Table) {
    write!(text, "\n### {}\n\n{}\n\n{}", table.title, table.method, table::markdown(table))
        .unwrap();
    for column in &table.columns {
        writeln!(text, "- **{}**: {}", column.name, column.meaning).unwrap();
    }
    for plot in &table.plots {
        let svg = plot::svg(table, plot);
        fs::write(results::path("plots").join(format!("{}.svg", plot.file)), svg).unwrap();
        write!(text, "\n![{}](plots/{}.svg)\n", plot.title, plot.file).unwrap();
    }
    if !table.goals.is_empty() {
        write!(text, "\nTargets:\n\n{}", goals::lines(&table.goals)).unwrap();
    }
    let losses = losses::lines(table);
    if !losses.is_empty() {
        write!(text, "\nWhere deal-form is worse:\n\n{losses}").unwrap();
    }
}
