//! Measures, and writes down what was measured: `cargo xtask bench`.
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

/// Measures anew, and renders bench/RESULTS.md and the plots from all results that there are.
#[derive(Debug, Parser)]
struct Flags {
    /// What to measure anew: sections or groups of them
    #[arg(long, value_name = "SECTION", value_parser = sections::names())]
    only: Vec<String>,
    /// How often everything is measured
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Measures nothing
    #[arg(long, conflicts_with_all = ["only", "rounds"])]
    render: bool,
}

fn main() {
    let flags = Flags::parse();
    let wanted = |section: &&Section| {
        !flags.render
            && (flags.only.is_empty() || flags.only.iter().any(|name| section.is_named(name)))
    };
    for section in SECTIONS.iter().filter(wanted) {
        eprintln!("• measuring {}", section.name);
        results::keep(section.name, &section.measure(flags.rounds));
    }
    report::write();
}
