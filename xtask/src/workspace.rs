//! What cargo knows of the workspace, which a person's own settings may change.

use crate::{
    failure::{Failure, OrFail as _, Result},
    run,
};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// What `cargo metadata` says of the members.
pub(crate) fn metadata() -> Result<Value> {
    let said = run::capture(&mut run::cargo(&["metadata", "--no-deps", "--format-version", "1"]))?;
    serde_json::from_str(&said).or_fail(|| "cannot read what `cargo metadata` says".to_owned())
}

/// Cargo's target folder. Cargo is asked, because several variables and files can move it; once,
/// because that takes a tenth of a second.
pub(crate) fn target() -> Result<&'static Path> {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    if let Some(known) = TARGET.get() {
        return Ok(known);
    }
    let metadata = metadata()?;
    let folder = metadata.get("target_directory").and_then(Value::as_str);
    let folder = folder.ok_or_else(|| Failure::new("`cargo metadata` names no target folder"))?;
    Ok(TARGET.get_or_init(|| folder.into()))
}

/// A binary of the workspace, as `cargo build` leaves it.
pub(crate) fn built(binary: &str) -> Result<PathBuf> {
    Ok(target()?.join("debug").join(binary))
}

/// A binary of the workspace, as `cargo build --release` leaves it.
pub(crate) fn released(binary: &str) -> Result<PathBuf> {
    Ok(target()?.join("release").join(binary))
}
