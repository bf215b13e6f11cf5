//! The repository: its root folder, its versions, and the widget's package.

use crate::failure::{Failure, OrFail as _, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The compiler's target for browsers.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// The widget's package, at the root of the workspace.
pub(crate) const WIDGET: &str = "deal-form";

/// Returns the repository's root: the parent of this crate's folder.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Returns the folder for the servers' data during development. Trunk does not watch this folder
/// (see Trunk.toml), but it does not start if the folder is missing.
pub(crate) fn data() -> PathBuf {
    root().join("data")
}

/// Returns a crate's version in Cargo.lock.
///
/// # Errors
/// If Cargo.lock does not contain the crate, or contains several versions of it.
pub(crate) fn locked_version(name: &str) -> Result<String> {
    let path = root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).or_fail(|| format!("cannot read {}", path.display()))?;
    match versions_in_lock(&lock, name).as_slice() {
        [version] => Ok((*version).to_owned()),
        [] => Err(Failure::new(format!("Cargo.lock does not contain {name}"))),
        several => Err(Failure::new(format!(
            "Cargo.lock contains several versions of {name}: {}",
            several.join(", ")
        ))),
    }
}

/// Returns the oldest Rust version that can build the workspace.
pub(crate) fn rust_version() -> &'static str {
    env!("CARGO_PKG_RUST_VERSION")
}

/// Returns all versions of a crate in a lock file. Cargo writes `name` on one line and `version` on
/// the next.
fn versions_in_lock<'a>(lock: &'a str, name: &str) -> Vec<&'a str> {
    let wanted = format!("name = \"{name}\"");
    let lines = lock.lines();
    lines
        .clone()
        .zip(lines.skip(1))
        .filter(|(line, _)| *line == wanted)
        .filter_map(|(_, next)| next.strip_prefix("version = \"")?.strip_suffix('"'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::versions_in_lock;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry+https://example.org/index"

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.129"

[[package]]
name = "syn"
version = "1.0.109"

[[package]]
name = "syn"
version = "2.0.1"
"#;

    #[track_caller]
    fn check(name: &str, expected: &[&str]) {
        assert_eq!(versions_in_lock(LOCK, name), expected);
    }

    #[test]
    fn finds_all_versions_of_the_named_crate() {
        check("wasm-bindgen", &["0.2.130"]);
        check("wasm-bindgen-macro", &["0.2.129"]);
        check("syn", &["1.0.109", "2.0.1"]);
        check("wasm", &[]);
    }
}
