//! The sources of Rust's standard library, which a release compiles together with the widget.

use super::{
    version::{self, Version},
    wasm_target::sysroot,
};
use crate::{
    failure::{Failure, Result},
    run::{self, long},
};
use std::path::Path;

/// The oldest Rust that can rebuild the standard library with the flags for a release.
const OLDEST: Version = Version(1, 92, 0);

/// Adds the sources with rustup, unless they are installed.
///
/// # Errors
/// If they are missing and rustup cannot add them, or if the compiler is too old to rebuild the library.
pub(crate) fn find_or_add() -> Result {
    if rust_version()? < OLDEST {
        let Version(major, minor, _) = OLDEST;
        return Err(Failure::new(format!(
            "Rust {major}.{minor} or newer is needed to rebuild the standard library"
        ))
        .advise("With rustup (https://rustup.rs):\n  rustup update"));
    }
    let sysroot = sysroot(Path::new("rustc"))?;
    if has_sources(&sysroot) {
        return Ok(());
    }
    if run::which("rustup").is_some() {
        let mut rustup = run::command("rustup");
        rustup.args(["component", "add", "rust-src"]);
        long::run_long(
            "adding the standard library's sources with rustup (takes seconds)",
            &mut rustup,
        )?;
    }
    if has_sources(&sysroot) {
        return Ok(());
    }
    Err(Failure::new("the sources of the standard library are not installed")
        .advise("With rustup (https://rustup.rs):\n  rustup component add rust-src"))
}

fn rust_version() -> Result<Version> {
    let printed = run::capture(run::command("rustc").arg("--version"))?;
    let version = version::first_version(&printed).and_then(|version| version.parse().ok());
    version.ok_or_else(|| Failure::new(format!("cannot read the compiler's version: {printed}")))
}

fn has_sources(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file()
}
