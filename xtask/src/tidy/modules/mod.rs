//! Checks the imports between a crate's modules: they must not form cycles or point to a higher
//! layer.
//!
//! Imports are `use` lines and paths in the code. Method calls are ignored: their names do not
//! show which module defines them.

mod cycles;
mod imports;
mod layers;
#[cfg(test)]
mod tests;
mod tree;

use crate::failure::Result;
use serde_json::Value;
use std::path::PathBuf;

/// Returns a sentence for each import cycle, and for each import from a higher layer, in all
/// workspace crates.
pub(super) fn mistakes(metadata: &Value) -> Result<Vec<String>> {
    let mut mistakes = Vec::new();
    for (crate_name, root) in roots(metadata) {
        let tree = tree::read(&root)?;
        let imports = imports::of(&tree);
        mistakes.extend(cycles::mistakes(&imports));
        mistakes.extend(layers::mistakes(&crate_name, &imports));
    }
    Ok(mistakes)
}

/// Returns the source file of each library and program, with the crate's name.
fn roots(metadata: &Value) -> Vec<(String, PathBuf)> {
    let list = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let mut roots = Vec::new();
    for package in list(metadata, "packages") {
        for target in list(&package, "targets") {
            let kinds = list(&target, "kind");
            let is_shipped = ["lib", "cdylib", "rlib", "bin"].map(Value::from);
            let (Some(name), Some(root)) = (
                package.get("name").and_then(Value::as_str),
                target.get("src_path").and_then(Value::as_str),
            ) else {
                continue;
            };
            if kinds.iter().any(|kind| is_shipped.contains(kind)) {
                roots.push((name.to_owned(), PathBuf::from(root)));
            }
        }
    }
    roots
}
