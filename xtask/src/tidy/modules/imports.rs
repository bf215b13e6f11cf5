//! The imports between the modules of a crate.

use super::tree::{Module, ModulePath, NamedPath, Tree};
use crate::repo;
use std::collections::BTreeSet;

/// The maximum number of re-exports to follow for one name, because two modules may re-export each other.
const MOST_REEXPORTS: usize = 8;

/// An import by one module from another module in the same crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    pub(super) from: ModulePath,
    /// The module that defines the name.
    pub(super) to: ModulePath,
    /// The file and line, such as `proxy/src/routes/form.rs:12`.
    pub(super) place: String,
    /// The imported name; empty if the module itself is imported.
    pub(super) name: String,
}

/// Returns all imports between the modules of a crate, sorted.
pub(super) fn of(tree: &Tree) -> BTreeSet<Import> {
    let mut imports = BTreeSet::new();
    for (path, module) in tree {
        for named in &module.paths {
            let Some((to, name)) = resolve(tree, path, &named.segments, 0) else { continue };
            // A module that only re-exports its child modules does not use them.
            let is_contents = named.is_reexport && to.starts_with(path);
            if to != *path && !is_contents {
                let place = place(module, named);
                imports.insert(Import { from: path.clone(), to, place, name });
            }
        }
    }
    imports
}

fn place(module: &Module, named: &NamedPath) -> String {
    let file = module.file.strip_prefix(repo::root()).unwrap_or(&module.file);
    format!("{}:{}", file.display(), named.line)
}

/// Resolves a path in the module `at` to the module that defines the item, and the item's name there. Returns `None`
/// for other crates, and for names that another import brings into scope, because the result contains that import
/// instead.
fn resolve(
    tree: &Tree,
    at: &ModulePath,
    segments: &[String],
    reexports: usize,
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
        first => {
            let is_child = tree.contains_key(&child(&module, first));
            let is_reexported = tree.get(&module)?.reexports.contains_key(first);
            if !is_child && !is_reexported {
                return None;
            }
        }
    }
    while let Some(first) = rest.first() {
        let child = child(&module, first);
        if !tree.contains_key(&child) {
            break;
        }
        module = child;
        rest = rest.get(1..)?;
    }
    let name = rest.first().cloned().unwrap_or_default();
    let reexported = tree.get(&module)?.reexports.get(&name);
    let Some(reexported) = reexported.filter(|_| reexports < MOST_REEXPORTS) else {
        return Some((module, name));
    };
    let behind: Vec<String> = reexported.iter().chain(rest.iter().skip(1)).cloned().collect();
    // A name that is re-exported from another crate is treated as this module's own name.
    resolve(tree, &module, &behind, reexports.saturating_add(1)).or(Some((module, name)))
}

fn child(module: &ModulePath, name: &str) -> ModulePath {
    let mut child = module.clone();
    child.push(name.to_owned());
    child
}
