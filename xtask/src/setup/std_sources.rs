//! The sources of Rust's standard library, which a release compiles together with the widget.

use super::{version::Version, wasm::WasmRust};
use crate::{
    failure::{Failure, Result},
    run::{self, long},
};
use std::path::Path;

/// The first Rust whose cargo rebuilds it as a release asks for.
const OLDEST: Version = Version(1, 92, 0);

/// Looks for them, and asks rustup for them where it can be asked.
pub(super) fn find_or_add(rust: &WasmRust) -> Result {
    if rust.version()? < OLDEST {
        let Version(major, minor, _) = OLDEST;
        return Err(Failure::new(format!(
            "Rust {major}.{minor} or newer is needed to rebuild the standard library"
        ))
        .advise("With rustup (https://rustup.rs):\n  rustup update"));
    }
    let sysroot = rust.sysroot()?;
    if are_in(&sysroot) {
        return Ok(());
    }
    if matches!(rust, WasmRust::Own) && run::which("rustup").is_some() {
        let mut rustup = run::command("rustup");
        rustup.args(["component", "add", "rust-src"]);
        long::run_long("adding the standard library's sources with rustup (seconds)", &mut rustup)?;
    }
    if are_in(&sysroot) {
        return Ok(());
    }
    Err(Failure::new("the sources of the standard library are not there")
        .advise("With rustup (https://rustup.rs):\n  rustup component add rust-src"))
}

fn are_in(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file()
}
