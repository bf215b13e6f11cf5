//! What the dependencies are held to: one version of each in the widget, the Rust that the workspace
//! promises, licences, sources and known faults (`deny.toml`).

use crate::{
    failure::{Failure, OrFail as _, Result},
    repo::{self, WASM_TARGET, WIDGET, rust_version},
    run::{self, cargo},
    setup::{Tools, Version},
    skipped, workspace,
};
use serde_json::Value;
use std::process::Command;

/// All of it. What cannot be looked at here is said aloud.
pub(crate) fn command(tools: &Tools) -> Result {
    one_version_each()?;
    old_enough()?;
    deny(tools)
}

/// Two versions of a crate in the widget are bytes that each visitor pays for.
fn one_version_each() -> Result {
    let twice = run::capture(&mut cargo(&[
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
    if twice.is_empty() {
        eprintln!("each crate is in the widget in one version");
        return Ok(());
    }
    Err(Failure::new(format!("crates are in the widget in more than one version:\n{twice}"))
        .advise("`cargo tree -p deal-form --invert CRATE@VERSION` says who wants which."))
}

/// No dependency needs a newer Rust than ours; and the workspace compiles with it, where it is there.
fn old_enough() -> Result {
    let ours = rust_version();
    let metadata = run::capture(&mut cargo(&["metadata", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)
        .or_fail(|| "cannot read what `cargo metadata` says".to_owned())?;
    let newer = newer_than(ours, &metadata);
    if !newer.is_empty() {
        return Err(Failure::new(format!("Rust {ours} is promised, but {}", newer.join(", ")))
            .advise("Raise `rust-version` in Cargo.toml, or take an older version of the crate."));
    }
    if !has_toolchain(ours) {
        let what = format!("compiling with Rust {ours}, which is promised: it cannot be had here");
        return skipped::say(&what);
    }
    let rust = format!("+{ours}");
    let check = |what: &[&str]| -> Result {
        let mut check = cargo(&[&rust, "check", "--target-dir"]);
        run::run(check.arg(workspace::target()?.join("oldest-rust")).args(what))
    };
    check(&["--workspace", "--all-targets"])?;
    let add = ["target", "add", WASM_TARGET, "--toolchain", ours];
    if !run::succeeds(run::command("rustup").args(add)) {
        let what =
            format!("compiling the widget with Rust {ours}: its {WASM_TARGET} is not to be had");
        return skipped::say(&what);
    }
    let widget = ["--package", WIDGET, "--no-default-features", "--features", "element"];
    check(&[&widget[..], &["--target", WASM_TARGET]].concat())
}

/// Whether there is that Rust, or rustup could fetch it.
fn has_toolchain(version: &str) -> bool {
    let rust = format!("+{version}");
    let there = || run::succeeds(&mut cargo(&[&rust, "--version"]));
    let fetch = ["toolchain", "install", version, "--profile", "minimal", "--no-self-update"];
    there() || run::succeeds(run::command("rustup").args(fetch)) && there()
}

/// The crates that say they need a newer Rust: `serde 1.0.0 needs 1.90`.
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
            skipped::say("known faults of dependencies: their database cannot be had here")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::newer_than;
    use serde_json::json;

    #[test]
    fn a_crate_that_needs_a_newer_rust_is_named() {
        let metadata = json!({ "packages": [
            { "name": "old", "version": "1.0.0", "rust_version": "1.9" },
            { "name": "same", "version": "1.0.0", "rust_version": "1.89.0" },
            { "name": "any", "version": "1.0.0", "rust_version": null },
            { "name": "new", "version": "2.1.0", "rust_version": "1.90" },
        ]});
        assert_eq!(newer_than("1.89", &metadata), ["new 2.1.0 needs 1.90"]);
    }
}
