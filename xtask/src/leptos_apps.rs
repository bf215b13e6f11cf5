//! Builds the example applications in Leptos, which journeys use as a visitor does.

use crate::{
    failure::Result,
    repo::{self, WASM_TARGET},
    run,
    setup::Tools,
    workspace,
};
use std::ffi::OsString;

/// The crate whose pages a server renders.
const SERVER: &str = "leptos-server-page";

/// Builds the applications, and returns the environment variables with which journeys find them:
///
/// - `DEAL_FORM_LEPTOS_PAGE`: the folder with `examples/leptos`
/// - `DEAL_FORM_LEPTOS_SERVER`: the server of `examples/leptos-server`
/// - `DEAL_FORM_LEPTOS_SITE`: the folder with the files that this server serves
pub(crate) fn build(tools: &Tools) -> Result<[(&'static str, OsString); 3]> {
    eprintln!("• building the example applications in Leptos");
    let target = workspace::target()?;
    let page = target.join("leptos-page");
    let mut trunk = tools.trunk()?;
    trunk.current_dir(repo::root().join("examples").join("leptos"));
    trunk.args(["build", "--color", "never", "--dist"]).arg(&page);
    run::run(&mut trunk)?;

    run::run(&mut run::cargo(&["build", "-p", SERVER, "--features", "ssr"]))?;
    let library =
        ["build", "-p", SERVER, "--lib", "--features", "hydrate", "--target", WASM_TARGET];
    run::run(&mut run::cargo(&library))?;
    let site = target.join("leptos-server-site");
    let mut bindgen = tools.command("wasm-bindgen")?;
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", SERVER]);
    bindgen.arg("--out-dir").arg(site.join("pkg"));
    bindgen.arg(target.join(WASM_TARGET).join("debug").join(SERVER.replace('-', "_") + ".wasm"));
    run::run(&mut bindgen)?;

    Ok([
        ("DEAL_FORM_LEPTOS_PAGE", page.into()),
        ("DEAL_FORM_LEPTOS_SERVER", workspace::built(SERVER)?.into()),
        ("DEAL_FORM_LEPTOS_SITE", site.into()),
    ])
}
