//! Measures the widget in a real browser: `cargo xtask measure`.
//!
//! Not a test: nothing here passes or fails, and figures of different machines cannot be compared.
//! Each measurement says how it was made.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement fails loudly"
)]

mod first_paint;
mod memory;
mod table;
mod typing;

use std::env;

use serde_json::{Map, Value};
use table::Table;

/// Something to measure.
struct Measurement {
    /// Asks for it alone.
    name: &'static str,
    measure: fn() -> Table,
}

const MEASUREMENTS: [Measurement; 3] = [
    Measurement { name: "typing", measure: typing::measure },
    Measurement { name: "memory", measure: memory::measure },
    Measurement { name: "first-paint", measure: first_paint::measure },
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let named = |name: &str| arguments.iter().any(|argument| argument == name);
    let (json, all) = (named("--json"), !MEASUREMENTS.iter().any(|wanted| named(wanted.name)));
    let mut results = Map::new();
    for Measurement { name, measure } in MEASUREMENTS {
        if !all && !named(name) {
            continue;
        }
        eprintln!("• measuring {name}");
        let table = measure();
        if json {
            results.insert(name.to_owned(), table.json());
        } else {
            println!("\n{table}");
        }
    }
    if json {
        println!("{:#}", Value::Object(results));
    }
}
