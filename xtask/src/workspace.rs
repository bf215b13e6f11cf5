//! Cargo's metadata about the workspace.

use crate::{
    failure::{Failure, OrFail as _, Result},
    run,
};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// Returns the metadata about the workspace's crates.
pub(crate) fn metadata() -> Result<Value> {
    let json = run::capture(&mut run::cargo(&["metadata", "--no-deps", "--format-version", "1"]))?;
    serde_json::from_str(&json).or_fail(|| "cannot read the output of `cargo metadata`".to_owned())
}

/// Returns cargo's target folder. Several variables and files can move this folder, so this asks
/// cargo, but only once, because a call takes a tenth of a second.
pub(crate) fn target() -> Result<&'static Path> {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    if let Some(known) = TARGET.get() {
        return Ok(known);
    }
    let metadata = metadata()?;
    let folder = metadata.get("target_directory").and_then(Value::as_str);
    let folder =
        folder.ok_or_else(|| Failure::new("`cargo metadata` does not name the target folder"))?;
    Ok(TARGET.get_or_init(|| folder.into()))
}

/// Returns the path of a workspace program that `cargo build` has built.
pub(crate) fn built(binary: &str) -> Result<PathBuf> {
    Ok(target()?.join("debug").join(binary))
}

/// Returns the path of a workspace program that `cargo build --release` has built.
pub(crate) fn released(binary: &str) -> Result<PathBuf> {
    Ok(target()?.join("release").join(binary))
}
