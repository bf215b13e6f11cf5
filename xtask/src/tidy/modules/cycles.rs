//! Finds modules that import each other.

use super::{imports::Import, tree::ModulePath};
use std::collections::{BTreeMap, BTreeSet};

/// The modules that each module imports.
type Graph<'m> = BTreeMap<&'m ModulePath, BTreeSet<&'m ModulePath>>;

/// Returns a sentence for each cycle, with its imports.
pub(super) fn mistakes(imports: &BTreeSet<Import>) -> Vec<String> {
    let graph = graph(imports);
    let mut mistakes = Vec::new();
    for cycle in cycles(&graph) {
        let inside = |import: &&Import| cycle.contains(&import.from) && cycle.contains(&import.to);
        // Report only one import for each pair of modules, because a developer can find the others from it.
        let imports: BTreeMap<_, _> =
            imports.iter().filter(inside).map(|it| ((&it.from, &it.to), it)).collect();
        let lines: Vec<String> = imports
            .values()
            .map(|it| format!("\n  {}: {} from {}", it.place, it.name, it.to.join("::")))
            .collect();
        mistakes.push(format!(
            "{} modules import each other in a cycle:{}",
            cycle.len(),
            lines.concat()
        ));
    }
    mistakes
}

fn graph(imports: &BTreeSet<Import>) -> Graph<'_> {
    let mut graph = Graph::new();
    for import in imports {
        graph.entry(&import.from).or_default().insert(&import.to);
        graph.entry(&import.to).or_default();
    }
    graph
}

/// Returns the sets of modules that all reach each other.
fn cycles<'m>(graph: &Graph<'m>) -> BTreeSet<BTreeSet<&'m ModulePath>> {
    let reached: BTreeMap<_, _> =
        graph.keys().map(|module| (*module, reached(graph, module))).collect();
    let mut cycles = BTreeSet::new();
    for (module, others) in &reached {
        let cycle: BTreeSet<_> = others
            .iter()
            .filter(|other| reached.get(**other).is_some_and(|back| back.contains(module)))
            .copied()
            .collect();
        if !cycle.is_empty() {
            cycles.insert(cycle);
        }
    }
    cycles
}

/// Returns all modules that the module imports, directly or through others.
fn reached<'m>(graph: &Graph<'m>, module: &ModulePath) -> BTreeSet<&'m ModulePath> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<_> = graph.get(module).into_iter().flatten().copied().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module) {
            next.extend(graph.get(module).into_iter().flatten());
        }
    }
    reached
}
