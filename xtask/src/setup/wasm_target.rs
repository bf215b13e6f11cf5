//! The target for browsers of the Rust on the PATH.

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

/// Adds the target with rustup, unless it is there.
///
/// # Errors
/// With the command that installs the target, if rustup cannot.
pub(super) fn find_or_add() -> Result {
    let rustc = run::which("rustc").ok_or_else(|| {
        Failure::new("there is no rustc on the PATH")
            .advise("Install Rust with rustup, see https://rustup.rs")
    })?;
    if has_target(&rustc)? {
        return Ok(());
    }
    add_target(&rustc).map_err(|failure| failure.advise(advice(System::here())))
}

/// The folder with the compiler's libraries.
pub(crate) fn sysroot(rustc: &Path) -> Result<PathBuf> {
    run::capture(run::command(rustc).args(["--print", "sysroot"])).map(PathBuf::from)
}

fn has_target(rustc: &Path) -> Result<bool> {
    Ok(sysroot(rustc)?.join("lib/rustlib").join(WASM_TARGET).join("lib").is_dir())
}

fn add_target(rustc: &Path) -> Result {
    if run::which("rustup").is_none() {
        return Err(Failure::new(format!("Rust cannot compile for {WASM_TARGET} here")));
    }
    let mut rustup = run::command("rustup");
    rustup.args(["target", "add", WASM_TARGET]);
    if let Some(toolchain) = env::var_os("RUSTUP_TOOLCHAIN") {
        rustup.arg("--toolchain").arg(toolchain);
    }
    long::run_long("adding the target for browsers with rustup (some seconds)", &mut rustup)?;
    // A machine may have a rustc of its distribution before rustup's on the PATH.
    if has_target(rustc)? {
        return Ok(());
    }
    let rustc = rustc.display();
    Err(Failure::new(format!("rustup added {WASM_TARGET}, but {rustc} is another Rust")))
}

fn advice(system: System) -> String {
    let own = match system {
        System::Fedora => {
            "With Fedora's Rust:\n  sudo dnf install rust-std-static-wasm32-unknown-unknown lld\n"
        }
        System::Arch => "With Arch's Rust:\n  sudo pacman -S rust-wasm lld\n",
        System::MacOs => {
            "Homebrew's Rust has no such target, rustup's has:\n  brew install rustup\n"
        }
        System::Debian | System::Ubuntu | System::Other => "",
    };
    format!("{own}With rustup (https://rustup.rs):\n  rustup target add {WASM_TARGET}")
}
