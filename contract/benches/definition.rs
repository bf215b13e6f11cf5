//! Measures reading a form file, which the proxy does at the start and at a reload.
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::Criterion;
use deal_contract::definition::FormDefinition;

const SHORT: &str = include_str!("../../examples/forms/callback.toml");
const LONG: &str = include_str!("../../examples/forms/everything.toml");

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for (name, text) in [("callback", SHORT), ("everything", LONG)] {
        criterion.bench_function(&format!("definition/{name}.toml"), |bencher| {
            bencher.iter(|| FormDefinition::from_toml(black_box(text)).unwrap());
        });
    }
    criterion.final_summary();
}
