//! Checks the dependencies: the widget has one version of each, and they compile with the oldest supported
//! Rust. Also checks licences, sources and known vulnerabilities (`deny.toml`).

use crate::{
    failure::{Failure, OrFail as _, Result},
    repo::{self, WASM_TARGET, WIDGET, rust_version},
    run::{self, cargo},
    setup::{Tools, Version},
    skipped, workspace,
};
use serde_json::Value;
use std::process::Command;

/// Runs all checks on the dependencies. Reports the checks that this machine has to skip.
pub(crate) fn command(tools: &Tools) -> Result {
    check_one_version_each()?;
    check_oldest_rust()?;
    deny(tools)
}

/// Checks that the widget has one version of each crate, because a second version makes the widget larger.
fn check_one_version_each() -> Result {
    let duplicates = run::capture(&mut cargo(&[
        "tree",
        "--package",
        WIDGET,
        "--no-default-features",
        "--features",
        "element",
        "--target",
        WASM_TARGET,
        "--edges",
        "normal,no-proc-macro",
        "--duplicates",
    ]))?;
    if duplicates.is_empty() {
        eprintln!("the widget contains one version of each crate");
        return Ok(());
    }
    Err(Failure::new(format!("the widget contains several versions of a crate:\n{duplicates}"))
        .advise("`cargo tree -p deal-form --invert CRATE@VERSION` shows which crates need it."))
}

/// Checks that dependencies do not need a newer Rust than the workspace's oldest Rust. If this Rust is
/// available, also checks that the workspace compiles with it.
fn check_oldest_rust() -> Result {
    let ours = rust_version();
    let metadata = run::capture(&mut cargo(&["metadata", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)
        .or_fail(|| "cannot read the output of `cargo metadata`".to_owned())?;
    let newer = newer_than(ours, &metadata);
    if !newer.is_empty() {
        return Err(Failure::new(format!("`rust-version` is {ours}, but {}", newer.join(", ")))
            .advise("Raise `rust-version` in Cargo.toml, or use an older version of the crate."));
    }
    if !ensure_toolchain(ours) {
        let what =
            format!("compiling with Rust {ours}, the oldest supported version: cannot install it");
        return skipped::report(&what);
    }
    let rust = format!("+{ours}");
    let check = |what: &[&str]| -> Result {
        let mut check = cargo(&[&rust, "check", "--target-dir"]);
        run::run(check.arg(workspace::target()?.join("oldest-rust")).args(what))
    };
    check(&["--workspace", "--all-targets"])?;
    let add = ["target", "add", WASM_TARGET, "--toolchain", ours];
    if !run::succeeds(run::command("rustup").args(add)) {
        let what = format!(
            "compiling the widget with Rust {ours}: cannot install its target {WASM_TARGET}"
        );
        return skipped::report(&what);
    }
    let widget = ["--package", WIDGET, "--no-default-features", "--features", "element"];
    check(&[&widget[..], &["--target", WASM_TARGET]].concat())
}

/// Installs this version of Rust with rustup if it is missing. Returns whether it is available.
fn ensure_toolchain(version: &str) -> bool {
    let rust = format!("+{version}");
    let is_installed = || run::succeeds(&mut cargo(&[&rust, "--version"]));
    let install = ["toolchain", "install", version, "--profile", "minimal", "--no-self-update"];
    is_installed() || run::succeeds(run::command("rustup").args(install)) && is_installed()
}

/// Returns a line for each crate that needs a newer Rust, such as `serde 1.0.0 needs 1.90`.
fn newer_than(ours: &str, metadata: &Value) -> Vec<String> {
    let packages = metadata.get("packages").and_then(Value::as_array);
    let text = |package: &Value, key| package.get(key)?.as_str().map(str::to_owned);
    packages
        .into_iter()
        .flatten()
        .filter_map(|package| {
            let wanted = text(package, "rust_version").filter(|it| version(it) > version(ours))?;
            Some(format!("{} {} needs {wanted}", text(package, "name")?, text(package, "version")?))
        })
        .collect()
}

fn version(text: &str) -> Option<Version> {
    text.parse().ok()
}

fn deny(tools: &Tools) -> Result {
    let deny = |arguments: &[&str]| -> Result<Command> {
        let mut deny = tools.command("cargo-deny")?;
        deny.current_dir(repo::root()).args(arguments);
        Ok(deny)
    };
    run::run(&mut deny(&["check", "bans", "licenses", "sources"])?)?;
    match run::capture(&mut deny(&["fetch", "db"])?) {
        Ok(_) => run::run(&mut deny(&["check", "advisories"])?),
        Err(failure) => {
            eprintln!("{failure}");
            skipped::report(
                "the check for known vulnerabilities: cannot download the advisory database",
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::newer_than;
    use serde_json::json;

    #[test]
    fn reports_crates_that_need_a_newer_rust() {
        let metadata = json!({ "packages": [
            { "name": "old", "version": "1.0.0", "rust_version": "1.9" },
            { "name": "same", "version": "1.0.0", "rust_version": "1.89.0" },
            { "name": "any", "version": "1.0.0", "rust_version": null },
            { "name": "new", "version": "2.1.0", "rust_version": "1.90" },
        ]});
        assert_eq!(newer_than("1.89", &metadata), ["new 2.1.0 needs 1.90"]);
    }
}
