//! Splits the widget's module in two: the first one has what every form needs, and the second one what
//! few forms use.
//!
//! The second module uses the memory, the table and the functions of the first one. When it is instantiated, it
//! puts its functions into the table. The first module calls them through the table.

mod facts;
mod first;
mod more;
mod name;
mod plan;
#[cfg(test)]
mod tests;

use crate::failure::Result;
use facts::Facts;
use plan::Plan;

/// What moves to the second module.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    /// Paths of Rust modules, types and functions.
    pub(super) paths: &'a [&'a str],
    /// The names of the functions that the first module may call.
    pub(super) entries: &'a [&'a str],
    /// Paths of functions that run before the second module is loaded.
    pub(super) early: &'a [&'a str],
    /// Paths of functions that early functions call only after the second module is loaded.
    pub(super) late: &'a [&'a str],
}

/// The two modules.
#[derive(Debug)]
pub(super) struct Split {
    pub(super) first: Vec<u8>,
    pub(super) more: Vec<u8>,
    /// The name that both modules have in common.
    pub(super) build: String,
    /// The functions of the second module that the first one calls.
    pub(super) entries: Vec<String>,
    /// All functions of the second module, with the size of their code.
    pub(super) moved: Vec<(String, usize)>,
    /// The number of functions of the first module that the second one uses.
    pub(super) shared: usize,
}

/// The name that marks the modules of one build. Modules of different builds do not fit together, because the
/// addresses of data and functions differ. So the second module imports this name from the first one.
fn build_name(wasm: &[u8]) -> String {
    // FNV-1a.
    let hash = wasm.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Splits a module that wasm-bindgen has written, with the names of its functions.
///
/// # Errors
/// The module cannot be split, or `parts` does not describe it.
pub(super) fn split(wasm: &[u8], parts: &Parts<'_>) -> Result<Split> {
    let facts = Facts::read(wasm)?;
    let plan = Plan::new(&facts, parts)?;
    let build = build_name(wasm);
    let mut moved = Vec::new();
    for index in &plan.moved {
        let function = facts.function(*index)?;
        moved.push((function.name.clone(), function.bytes));
    }
    let mut entries = Vec::new();
    for index in plan.entries.keys() {
        entries.push(facts.function(*index)?.name.clone());
    }
    entries.sort();
    moved.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(Split {
        first: first::write(wasm, &facts, &plan, &build)?,
        more: more::write(wasm, &facts, &plan, &build)?,
        build,
        entries,
        moved,
        shared: plan.shared.len(),
    })
}
