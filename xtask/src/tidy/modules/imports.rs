//! Which module takes which names from which other one.

use super::tree::{Module, ModulePath, Named, Tree};
use crate::repo;
use std::collections::{BTreeMap, BTreeSet};

/// An import of one module from another one of the same crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    pub(super) from: ModulePath,
    pub(super) to: ModulePath,
    /// `proxy/src/routes/form.rs:12`
    pub(super) place: String,
    pub(super) name: String,
}

/// All imports of a crate, sorted.
pub(super) fn of(tree: &Tree) -> BTreeSet<Import> {
    let mut imports = BTreeSet::new();
    for (path, module) in tree {
        for named in &module.named {
            let Some((to, name)) = target(tree, path, &named.segments, 0) else { continue };
            // A module that re-exports what is below it does not use it.
            let is_face = named.is_exported && to.starts_with(path);
            if to != *path && !is_face {
                let place = place(module, named);
                imports.insert(Import { from: path.clone(), to, place, name });
            }
        }
    }
    imports
}

fn place(module: &Module, named: &Named) -> String {
    let file = module.file.strip_prefix(repo::root()).unwrap_or(&module.file);
    format!("{}:{}", file.display(), named.line)
}

/// The module that a path leads to, re-exports followed, and the name that is taken from there.
fn target(
    tree: &Tree,
    at: &ModulePath,
    segments: &[String],
    depth: usize,
) -> Option<(ModulePath, String)> {
    let mut module = at.clone();
    let mut rest = segments;
    match rest.first()?.as_str() {
        "crate" => {
            module.clear();
            rest = rest.get(1..)?;
        }
        "self" => rest = rest.get(1..)?,
        "super" => {
            while rest.first().is_some_and(|first| first == "super") {
                module.pop()?;
                rest = rest.get(1..)?;
            }
        }
        // A child of this module; any other name is of another crate, or was imported and so has been
        // seen already.
        child => {
            let mut inside = module.clone();
            inside.push(child.to_owned());
            if !tree.contains_key(&inside) {
                return None;
            }
        }
    }
    while let Some(child) = rest.first() {
        module.push(child.clone());
        if !tree.contains_key(&module) {
            module.pop();
            break;
        }
        rest = rest.get(1..)?;
    }
    let name = rest.first().cloned().unwrap_or_default();
    let exported = tree.get(&module)?.exported.get(&name);
    match exported {
        // Modules cannot re-export each other for ever.
        Some(exported) if depth < 8 => {
            let mut exported = exported.clone();
            exported.extend(rest.iter().skip(1).cloned());
            target(tree, &module, &exported, depth + 1).or(Some((module, name)))
        }
        _ => Some((module, name)),
    }
}

/// The modules that each module imports.
pub(super) fn graph(imports: &BTreeSet<Import>) -> BTreeMap<&ModulePath, BTreeSet<&ModulePath>> {
    let mut graph: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for import in imports {
        graph.entry(&import.from).or_default().insert(&import.to);
        graph.entry(&import.to).or_default();
    }
    graph
}
