//! Runs the benchmarks and writes the report: `cargo xtask bench`.
#![doc = include_str!("../README.md")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::panic,
    reason = "a measurement fails loudly"
)]

mod browser;
mod machine;
mod report;
mod results;
mod sections;
mod servers;
mod turns;

use clap::Parser;

use sections::{SECTIONS, Section};

/// Runs the benchmarks, and writes bench/RESULTS.md and the plots from all stored results.
#[derive(Debug, Parser)]
struct Flags {
    /// Measure only these sections or groups
    #[arg(long, value_name = "SECTION", value_parser = sections::names())]
    only: Vec<String>,
    /// How many times to measure everything
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Write the report without measuring
    #[arg(long, conflicts_with_all = ["only", "rounds"])]
    render: bool,
}

fn main() {
    let flags = Flags::parse();
    let is_selected = |section: &&Section| {
        !flags.render
            && (flags.only.is_empty() || flags.only.iter().any(|name| section.is_named(name)))
    };
    for section in SECTIONS.iter().filter(is_selected) {
        eprintln!("• measuring {}", section.name);
        results::store(section.name, &section.measure(flags.rounds));
    }
    report::write();
}
