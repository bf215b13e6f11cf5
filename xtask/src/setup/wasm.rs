//! What compiles for the browser: the user's own Rust where rustup can teach it, else Debian's.

use super::{
    cache::Cache,
    debian_rust,
    system::System,
    version::{self, Version},
};
use crate::{
    failure::{Failure, Result},
    repo::WASM_TARGET,
    run::{self, long},
};
use std::{
    env,
    path::{Path, PathBuf},
};

/// The Rust that compiles for [`WASM_TARGET`].
#[derive(Debug)]
pub(crate) enum WasmRust {
    /// The one that compiles everything else, too.
    Own,
    /// Debian's, with a standard library built here. Native builds stay with the user's Rust:
    /// the two do not disturb one another in `target/`, since cargo puts the compiler's version
    /// into the name of what it builds.
    Debian {
        /// Its folder among the tools, with `bin/cargo` and `bin/rustc`.
        home: PathBuf,
    },
}

impl WasmRust {
    /// Where its libraries are.
    pub(crate) fn sysroot(&self) -> Result<PathBuf> {
        match self {
            Self::Own => own_sysroot(Path::new("rustc")),
            Self::Debian { home } => Ok(home.join("sysroot")),
        }
    }

    /// What its compiler says that it is.
    pub(super) fn version(&self) -> Result<Version> {
        let rustc = match self {
            Self::Own => rustc()?,
            Self::Debian { home } => home.join("bin/rustc"),
        };
        let said = run::capture(run::command(rustc).arg("--version"))?;
        let version = version::first_version(&said).and_then(|version| version.parse().ok());
        version.ok_or_else(|| Failure::new(format!("cannot read the compiler's version: {said}")))
    }
}

/// What is there.
pub(crate) fn find(cache: &Cache) -> Result<Option<WasmRust>> {
    if has_target(&rustc()?)? {
        return Ok(Some(WasmRust::Own));
    }
    Ok(debian_rust::find(cache).map(|home| WasmRust::Debian { home }))
}

/// The quickest first: what is there, what rustup can add, what Debian offers.
pub(crate) fn find_or_install(cache: &Cache) -> Result<WasmRust> {
    if let Some(found) = find(cache)? {
        return Ok(found);
    }
    let added = add_target(&rustc()?);
    if added.is_ok() {
        return Ok(WasmRust::Own);
    }
    match System::here() {
        System::Debian | System::Ubuntu => {
            eprintln!(
                "  {WASM_TARGET} is not to be had from rustup here; Debian's Rust can build it"
            );
            let home = debian_rust::install(cache)?;
            Ok(WasmRust::Debian { home })
        }
        other => added.map(|()| WasmRust::Own).map_err(|failure| failure.advise(advice(other))),
    }
}

fn rustc() -> Result<PathBuf> {
    run::which("rustc").ok_or_else(|| {
        Failure::new("there is no rustc on the PATH")
            .advise("Install Rust with rustup, see https://rustup.rs")
    })
}

/// Whether this compiler has a standard library for the browser.
fn has_target(rustc: &Path) -> Result<bool> {
    Ok(own_sysroot(rustc)?.join("lib/rustlib").join(WASM_TARGET).join("lib").is_dir())
}

fn own_sysroot(rustc: &Path) -> Result<PathBuf> {
    run::capture(run::command(rustc).args(["--print", "sysroot"])).map(PathBuf::from)
}

/// Asks rustup. That it says yes is not enough: on a machine with both, the rustc on the PATH
/// may not be rustup's.
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
    if has_target(rustc)? {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "rustup added {WASM_TARGET}, but {} is another Rust",
            rustc.display()
        )))
    }
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
