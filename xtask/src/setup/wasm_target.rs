//! The Rust target for browsers.

use super::system::System;
use crate::{
    failure::{Failure, Result},
    repo::WASM_TARGET,
    run::{self, long},
};
use std::{
    env,
    path::{Path, PathBuf},
};

/// Adds the target with rustup, unless it is installed.
///
/// # Errors
/// If rustup cannot add it. The error contains the command to type.
pub(super) fn find_or_add() -> Result {
    let rustc = run::which("rustc").ok_or_else(|| {
        Failure::new("cannot find rustc on the PATH")
            .advise("Install Rust with rustup: https://rustup.rs")
    })?;
    if has_target(&rustc)? {
        return Ok(());
    }
    add_target(&rustc).map_err(|failure| failure.advise(advice(System::here())))
}

/// Returns the folder with the compiler's libraries.
pub(crate) fn sysroot(rustc: &Path) -> Result<PathBuf> {
    run::capture(run::command(rustc).args(["--print", "sysroot"])).map(PathBuf::from)
}

fn has_target(rustc: &Path) -> Result<bool> {
    Ok(sysroot(rustc)?.join("lib/rustlib").join(WASM_TARGET).join("lib").is_dir())
}

fn add_target(rustc: &Path) -> Result {
    if run::which("rustup").is_none() {
        return Err(Failure::new(format!(
            "the target {WASM_TARGET} is not installed for this Rust"
        )));
    }
    let mut rustup = run::command("rustup");
    rustup.args(["target", "add", WASM_TARGET]);
    if let Some(toolchain) = env::var_os("RUSTUP_TOOLCHAIN") {
        rustup.arg("--toolchain").arg(toolchain);
    }
    long::run_long("adding the target for browsers with rustup (takes seconds)", &mut rustup)?;
    // The PATH may contain another rustc before rustup's.
    if has_target(rustc)? {
        return Ok(());
    }
    let rustc = rustc.display();
    Err(Failure::new(format!("rustup added {WASM_TARGET}, but {rustc} does not use it")))
}

fn advice(system: System) -> String {
    let from_system = match system {
        System::Fedora => {
            "With Fedora's Rust:\n  sudo dnf install rust-std-static-wasm32-unknown-unknown lld\n"
        }
        System::Arch => "With Arch's Rust:\n  sudo pacman -S rust-wasm lld\n",
        System::MacOs => {
            "Homebrew's Rust does not have the target, but rustup's does:\n  brew install rustup\n"
        }
        System::Debian | System::Ubuntu | System::Other => "",
    };
    format!("{from_system}With rustup (https://rustup.rs):\n  rustup target add {WASM_TARGET}")
}
