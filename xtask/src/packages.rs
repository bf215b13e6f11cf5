//! Packages the crates that are published, as `cargo publish` does.

use crate::{
    failure::Result,
    repo::{self, WIDGET},
    run::{self, cargo},
    setup::Tools,
    skipped,
};

/// The crates that are published.
const PUBLISHED: [&str; 5] =
    ["deal-contract", "deal-form-html", "deal-form-style", WIDGET, "deal-proxy"];

/// Packages the crates without compiling them: compiling takes minutes, and other steps already compile
/// the same code. cargo packages only committed files.
pub(crate) fn command(_: &Tools) -> Result {
    let mut status = run::command("git");
    status.current_dir(repo::root()).args(["status", "--porcelain"]);
    if !run::capture(&mut status)?.is_empty() {
        return skipped::report("packaging the crates: some files are not committed");
    }
    let packages = PUBLISHED.iter().flat_map(|name| ["--package", name]);
    run::run(cargo(&["package", "--locked", "--no-verify"]).args(packages))
}
