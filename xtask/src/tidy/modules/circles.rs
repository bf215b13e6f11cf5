//! Modules that import each other.

use super::{imports::Import, tree::ModulePath};
use std::collections::{BTreeMap, BTreeSet};

/// The modules that each module imports.
type Graph<'m> = BTreeMap<&'m ModulePath, BTreeSet<&'m ModulePath>>;

/// A sentence for each circle, with the imports that tie it.
pub(super) fn mistakes(imports: &BTreeSet<Import>) -> Vec<String> {
    let graph = graph(imports);
    let mut mistakes = Vec::new();
    for circle in circles(&graph) {
        let inside =
            |import: &&Import| circle.contains(&import.from) && circle.contains(&import.to);
        // One import for each pair of modules is enough to find the others.
        let ties: BTreeMap<_, _> =
            imports.iter().filter(inside).map(|tie| ((&tie.from, &tie.to), tie)).collect();
        let ties: Vec<String> = ties
            .values()
            .map(|tie| format!("\n  {}: {} from {}", tie.place, tie.name, tie.to.join("::")))
            .collect();
        mistakes.push(format!(
            "{} modules import each other in a circle:{}",
            circle.len(),
            ties.concat()
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

/// The sets of modules of which each one reaches every other one.
fn circles<'m>(graph: &Graph<'m>) -> BTreeSet<BTreeSet<&'m ModulePath>> {
    let reached: BTreeMap<_, _> =
        graph.keys().map(|module| (*module, reached(graph, module))).collect();
    let mut circles = BTreeSet::new();
    for (module, others) in &reached {
        let circle: BTreeSet<_> = others
            .iter()
            .filter(|other| reached.get(**other).is_some_and(|back| back.contains(module)))
            .copied()
            .collect();
        if !circle.is_empty() {
            circles.insert(circle);
        }
    }
    circles
}

/// Every module that the module imports, directly or through others.
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
