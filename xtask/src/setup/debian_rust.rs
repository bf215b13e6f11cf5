//! Debian's Rust, taught to compile for the browser, for machines where rustup cannot add a
//! target (no network beyond the package mirrors, no rustup).
//!
//! Debian has a current rustc and its sources, but no standard library for
//! `wasm32-unknown-unknown`. It is built once (30 to 60 seconds on two cores) into a sysroot of
//! our own, and `bin/` gets a `rustc` and a `cargo` that use it.

use super::{
    cache::{Cache, make_folder, remove},
    system,
    version::{Version, first_version},
};
use crate::{
    failure::{Failure, OrFail as _, Result},
    repo::{self, WASM_TARGET},
    run::{self, long},
};
use std::{
    env, fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

/// Where Debian puts them, whatever the PATH says.
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// Compiler, package manager and sources, as Debian names them: the ones it keeps up to date
/// for its browsers first.
const PACKAGES: [[&str; 3]; 2] =
    [["rustc-web", "cargo-web", "rust-web-src"], ["rustc", "cargo", "rust-src"]];

/// What `rustc -vV` tells.
#[derive(Debug)]
struct Compiler {
    release: String,
    llvm: u32,
    host: String,
    sysroot: PathBuf,
}

/// A finished one from before, if it fits the rustc that is installed now.
pub(super) fn find(cache: &Cache) -> Option<PathBuf> {
    // The cheaper look first: most machines have no such folder.
    let said = run::executable(Path::new(RUSTC))
        .then(|| run::capture(&mut quiet(RUSTC, &["-V"])))?
        .ok()?;
    let home = cache.tool("rust-wasm", first_version(&said)?);
    home.exists().then_some(home)
}

/// Installs the packages that are missing and builds the standard library.
pub(super) fn install(cache: &Cache) -> Result<PathBuf> {
    let compiler = match Compiler::installed().filter(Compiler::has_sources) {
        Some(compiler) => compiler,
        None => install_packages()?,
    };
    let linker = linker(&compiler)?;
    cache.install("rust-wasm", &compiler.release, |folder| {
        build_std(&compiler, &linker, folder)?;
        write_programs(folder)
    })
}

impl Compiler {
    /// Debian's rustc, when it is installed and new enough.
    fn installed() -> Option<Self> {
        if !run::executable(Path::new(RUSTC)) || !run::executable(Path::new(CARGO)) {
            return None;
        }
        let told = run::capture(&mut quiet(RUSTC, &["-vV"])).ok()?;
        let sysroot = run::capture(&mut quiet(RUSTC, &["--print", "sysroot"])).ok()?;
        let compiler = Self::read(&told, &sysroot)?;
        let needed = repo::rust_version().parse::<Version>().ok()?;
        (compiler.release.parse::<Version>().ok()? >= needed).then_some(compiler)
    }

    fn read(told: &str, sysroot: &str) -> Option<Self> {
        let value = |key: &str| told.lines().find_map(|line| line.strip_prefix(key));
        let Version(llvm, ..) = value("LLVM version: ")?.parse().ok()?;
        Some(Self {
            release: value("release: ")?.to_owned(),
            llvm,
            host: value("host: ")?.to_owned(),
            sysroot: PathBuf::from(sysroot),
        })
    }

    fn rustlib(&self) -> PathBuf {
        self.sysroot.join("lib").join("rustlib")
    }

    fn has_sources(&self) -> bool {
        self.rustlib().join("src/rust/library/std/Cargo.toml").exists()
    }
}

fn install_packages() -> Result<Compiler> {
    const WHY: &str = "Rust for browsers";
    let needed = repo::rust_version();
    let best = || {
        let version = |rustc: &str| system::apt_candidate(rustc)?.parse::<Version>().ok();
        PACKAGES.iter().find(|[rustc, ..]| version(rustc) >= needed.parse().ok())
    };
    let packages = best().or_else(|| {
        system::apt_refresh();
        best()
    });
    let packages = packages.ok_or_else(|| {
        Failure::new(format!(
            "neither rustup nor apt has a Rust ≥ {needed} that can compile for browsers"
        ))
        .advise(format!("With rustup (https://rustup.rs):\n  rustup target add {WASM_TARGET}"))
    })?;
    system::apt_install(WHY, packages)?;
    Compiler::installed().filter(Compiler::has_sources).ok_or_else(|| {
        Failure::new(format!(
            "apt-get installed {}, but {RUSTC} and its sources are not what was expected",
            packages.join(" ")
        ))
    })
}

/// A linker at least as new as the compiler's LLVM: older ones refuse newer object files.
fn linker(compiler: &Compiler) -> Result<PathBuf> {
    if let Some(found) = installed_linker(compiler.llvm) {
        return Ok(found);
    }
    let newest =
        system::apt_numbered("lld-").into_iter().next().filter(|(_, n)| *n >= compiler.llvm);
    let (package, number) = newest
        .ok_or_else(|| Failure::new(format!("apt has no linker lld-{} or newer", compiler.llvm)))?;
    system::apt_install("linking for browsers", &[&package])?;
    installed_linker(number)
        .ok_or_else(|| Failure::new(format!("{package} brought no program `lld`")))
}

/// Debian has one folder per version of LLVM, `/usr/lib/llvm-22`.
fn installed_linker(at_least: u32) -> Option<PathBuf> {
    let number = |name: &str| name.strip_prefix("llvm-")?.parse::<u32>().ok();
    fs::read_dir("/usr/lib")
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let number = number(entry.file_name().to_str()?)?;
            let linker = entry.path().join("bin/lld");
            (number >= at_least && linker.exists()).then_some((number, linker))
        })
        .max()
        .map(|(_, linker)| linker)
}

/// Builds an empty crate together with the standard library and keeps the latter.
fn build_std(compiler: &Compiler, linker: &Path, folder: &Path) -> Result {
    let work = folder.join("build");
    make_folder(&work.join("src"))?;
    let manifest =
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n";
    write(&work.join("Cargo.toml"), manifest)?;
    write(&work.join("src/lib.rs"), "#![no_std]\n")?;

    let target = work.join("target");
    let mut cargo = quiet(CARGO, &["build", "--release", "--target", WASM_TARGET]);
    cargo
        .arg("-Zbuild-std=std,panic_abort,test")
        .current_dir(&work)
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &target)
        // Without bitcode in it, the library cannot take part in LTO.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    long::run_long(
        "building Rust's standard library for browsers, once (about a minute on two cores)",
        &mut cargo,
    )?;

    let library = folder.join("sysroot/lib/rustlib").join(WASM_TARGET).join("lib");
    make_folder(&library)?;
    let built = target.join(WASM_TARGET).join("release/deps");
    let entries = fs::read_dir(&built).or_fail(|| format!("cannot read {}", built.display()))?;
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let (Some(name), Some("rlib")) =
            (path.file_name().and_then(|n| n.to_str()), path.extension().and_then(|e| e.to_str()))
        else {
            continue;
        };
        if !name.starts_with("libempty-") {
            fs::copy(&path, library.join(name)).or_fail(|| format!("cannot copy {name}"))?;
        }
    }
    link_host(compiler, linker, folder)?;
    try_out(folder, &work)?;
    remove(&work)
}

/// Build scripts and procedural macros run on this machine: they get Debian's own library. And
/// rustc looks for the linker beside it, under a name of its own.
fn link_host(compiler: &Compiler, linker: &Path, folder: &Path) -> Result {
    let host = folder.join("sysroot/lib/rustlib").join(&compiler.host);
    make_folder(&host.join("bin"))?;
    let theirs = compiler.rustlib().join(&compiler.host).join("lib");
    symlink(&theirs, host.join("lib"))
        .or_fail(|| format!("cannot link to {}", theirs.display()))?;
    // For a release, which builds the library once more together with the widget.
    let sources = compiler.rustlib().join("src");
    symlink(&sources, folder.join("sysroot/lib/rustlib/src"))
        .or_fail(|| format!("cannot link to {}", sources.display()))?;
    symlink(linker, host.join("bin/rust-lld"))
        .or_fail(|| format!("cannot link to {}", linker.display()))
}

/// Compiles and links a program, so that what is missing shows now, by name.
fn try_out(folder: &Path, work: &Path) -> Result {
    let source = work.join("hello.rs");
    write(&source, "fn main() { println!(\"hello\"); }\n")?;
    let mut rustc = quiet(RUSTC, &["--target", WASM_TARGET, "-O", "--sysroot"]);
    rustc.arg(folder.join("sysroot")).arg(&source).arg("-o").arg(work.join("hello.wasm"));
    run::capture(&mut rustc).map(drop)
}

/// The programs that a PATH can begin with. They find the sysroot beside themselves.
fn write_programs(folder: &Path) -> Result {
    let bin = folder.join("bin");
    make_folder(&bin)?;
    // A rustup that called us may have put its own libraries on the path of the loader.
    let head = "#!/bin/sh\nhere=$(CDPATH= cd -- \"$(dirname -- \"$0\")/..\" && pwd)\nunset LD_LIBRARY_PATH\n";
    let programs = [
        ("rustc", format!("{head}exec {RUSTC} --sysroot \"$here/sysroot\" \"$@\"\n")),
        ("rustdoc", format!("{head}exec /usr/bin/rustdoc --sysroot \"$here/sysroot\" \"$@\"\n")),
        (
            "cargo",
            format!(
                "{head}export RUSTC=\"$here/bin/rustc\" RUSTDOC=\"$here/bin/rustdoc\"\nexec {CARGO} \"$@\"\n"
            ),
        ),
    ];
    for (name, script) in programs {
        write_script(&bin.join(name), &script)?;
    }
    Ok(())
}

/// Writes a file that may be run.
pub(super) fn write_script(path: &Path, script: &str) -> Result {
    write(path, script)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .or_fail(|| format!("cannot make {} executable", path.display()))
}

fn write(path: &Path, text: &str) -> Result {
    fs::write(path, text).or_fail(|| format!("cannot write {}", path.display()))
}

/// A command of Debian's Rust, undisturbed by what is meant for the user's.
fn quiet(program: &str, arguments: &[&str]) -> std::process::Command {
    let mut command = run::command(program);
    command.args(arguments).env_remove("LD_LIBRARY_PATH");
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("RUSTC") || text == "RUSTFLAGS" {
            command.env_remove(&name);
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::Compiler;

    #[test]
    fn the_compiler_tells_which_linker_it_needs() {
        let told = "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)\n\
            binary: rustc\nhost: x86_64-unknown-linux-gnu\nrelease: 1.96.0\nLLVM version: 22.1.8";
        let compiler = Compiler::read(told, "/usr").unwrap();
        assert_eq!(compiler.release, "1.96.0");
        assert_eq!(compiler.llvm, 22);
        assert_eq!(compiler.host, "x86_64-unknown-linux-gnu");
    }
}
