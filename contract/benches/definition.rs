//! How long it takes to read a form as its author writes it: at the proxy's start, and when it is told
//! to look again.
#![expect(clippy::unwrap_used, reason = "a measurement fails loudly")]

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
