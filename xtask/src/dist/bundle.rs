//! Builds the release bundle: compiles, minifies and compresses its files.

use super::{
    compress::{self, File},
    names::{self, Joined},
    page,
};
use crate::{
    failure::{OrFail as _, Result},
    files, repo,
    run::{self, long},
    setup::{self, Tools},
    workspace,
};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The profile in Cargo.toml that optimizes for size, and the attribute in index.html that selects a
/// profile.
const PROFILE: &str = "widget";
const PROFILE_IN_HTML: &str = "data-cargo-profile-release";
/// The script that a landing page loads first.
const LOADER: &str = "deal-form.js";
/// The script that the loader imports.
const LOADER_PART: &str = "expire.js";
const SHOWCASE: &str = "index.html";
/// The files that wasm-bindgen writes, and the folder with our own scripts that they import.
const GLUE: &str = "deal-form-widget.js";
const MODULE: &str = "deal-form-widget_bg.wasm";
const GLUE_IN_MODULE: &str = "./deal-form-widget_bg.js";
const SNIPPETS: &str = "snippets";
/// The folder with the messages in languages other than English. A form loads at most one file from this folder.
const LOCALES: &str = "locales/";
const EXAMPLES: &str = "examples";

/// A complete bundle in its own folder.
#[derive(Debug)]
pub(super) struct Bundle {
    pub(super) folder: PathBuf,
    /// Sorted by name.
    pub(super) files: Vec<File>,
}

impl Bundle {
    pub(super) fn build(tools: &Tools) -> Result<Self> {
        let folder = workspace::target()?.join("dist-work");
        files::remove_folder(&folder)?;
        files::create_folder(&folder)?;
        eprintln!(
            "• building the widget and the standard library for release (1 to 4 minutes the first time, then seconds)"
        );
        run::run(&mut trunk(tools, &folder)?)?;
        leave_out_examples(&folder)?;
        shorten_names(&folder)?;
        join_scripts(tools, &folder)?;
        for path in files::all(&folder)? {
            match files::extension(&path) {
                "wasm" => shrink_wasm(tools, &path)?,
                "js" | "mjs" | "css" => minify(tools, &path)?,
                "json" => minify_json(&path)?,
                _ => {}
            }
        }
        let files = compress::compress(&folder)?;
        Ok(Self { folder, files })
    }

    /// Returns the files that a page with one form in English loads: the loader, and all files that the
    /// loader names.
    pub(super) fn form(&self) -> Result<Vec<File>> {
        self.loaded(LOADER)
    }

    /// Returns the messages in languages other than English. A form loads at most one of these files.
    pub(super) fn locales(&self) -> Vec<File> {
        let locales = self.files.iter().filter(|file| file.name.starts_with(LOCALES));
        locales.cloned().collect()
    }

    /// Returns the files that only the showcase loads.
    pub(super) fn showcase(&self) -> Result<Vec<File>> {
        let form = self.loaded(LOADER)?;
        let mut all = self.loaded(SHOWCASE)?;
        all.retain(|file| !form.contains(file));
        Ok(all)
    }

    fn loaded(&self, first: &str) -> Result<Vec<File>> {
        let mut contents = Vec::new();
        for file in &self.files {
            let path = self.folder.join(&file.name);
            contents.push((file.name.clone(), files::read_bytes(&path)?));
        }
        let loaded = page::loaded(first, &contents)?;
        let file = |name: &str| self.files.iter().find(|file| file.name == name).cloned();
        Ok(loaded.into_iter().filter_map(|(name, _)| file(name)).collect())
    }
}

fn trunk(tools: &Tools, into: &Path) -> Result<Command> {
    let mut trunk = tools.trunk()?;
    trunk.current_dir(repo::root()).args(["build", "--release", "--color", "never"]);
    // Do not add hashes for subresource integrity: they would be wrong, because the files change later.
    // Trunk's minifier cannot parse the current glue: it would only print a warning, and save 40 bytes of
    // HTML.
    trunk.args(["--minify", "false", "--no-sri", "true", "--dist"]).arg(into);
    if !files::read(&repo::root().join(SHOWCASE))?.contains(PROFILE_IN_HTML) {
        trunk.args(["--cargo-profile", PROFILE]);
    }
    let mut flags = without_paths()?;
    // Allows unstable flags in the stable compiler.
    trunk.env("RUSTC_BOOTSTRAP", "1");
    // Build scripts depend on `RUSTC_BOOTSTRAP`, so in a shared folder each build would start over.
    trunk.env("CARGO_TARGET_DIR", workspace::target()?.join("shipped"));
    // Compiles the standard library for size, together with the widget.
    trunk.env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
    trunk.env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size");
    // Leaves out source locations and derived `Debug` output, which visitors never see. This saves 2 kB.
    flags.extend(["-Zlocation-detail=none", "-Zfmt-debug=none"].map(str::to_owned));
    // Turns a panic into a trap without a message. This saves 14 % of the compressed module.
    flags.extend(["-Zunstable-options", "-Cpanic=immediate-abort"].map(str::to_owned));
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.join(" "));
    Ok(trunk)
}

/// Returns compiler flags that remove this machine's paths from panic messages. This makes the bundle
/// smaller, and identical on all machines.
fn without_paths() -> Result<Vec<String>> {
    let home = std::env::home_dir().unwrap_or_default();
    let cargo = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let registry = cargo.join("registry/src");
    let indexes = std::fs::read_dir(&registry).into_iter().flatten().flatten();
    let folders = indexes.map(|index| index.path());
    let folders = folders.chain([repo::root().to_owned(), setup::sysroot(Path::new("rustc"))?]);
    Ok(folders.map(|folder| format!("--remap-path-prefix={}/=", folder.display())).collect())
}

/// Removes the example pages from the bundle. They are for developers, and a server with other forms must
/// not show them.
fn leave_out_examples(folder: &Path) -> Result {
    files::remove_folder(&folder.join(EXAMPLES))?;
    let page = folder.join(SHOWCASE);
    files::write(&page, page::without(EXAMPLES, &files::read(&page)?))
}

fn shorten_names(folder: &Path) -> Result {
    let (wasm, glue) = (folder.join(MODULE), folder.join(GLUE));
    let joined = Joined { wasm: files::read_bytes(&wasm)?, glue: files::read(&glue)? };
    let joined = names::shorten(&joined, GLUE_IN_MODULE)?;
    files::write(&wasm, joined.wasm)?;
    files::write(&glue, joined.glue)
}

/// Bundles the glue with its imports, and the loader with its import, so that each needs one request.
fn join_scripts(tools: &Tools, folder: &Path) -> Result {
    for script in [GLUE, LOADER] {
        let mut esbuild = esbuild(tools, &folder.join(script))?;
        esbuild.args(["--bundle", "--format=esm"]).arg(format!("--external:./{GLUE}"));
        run::run(&mut esbuild)?;
    }
    files::remove_folder(&folder.join(SNIPPETS))?;
    let part = folder.join(LOADER_PART);
    std::fs::remove_file(&part).or_fail(|| format!("cannot remove {}", part.display()))
}

/// Shrinks the module with wasm-opt. The module lists the WebAssembly features that wasm-opt may use.
/// wasm-opt also removes this list and the names, because browsers do not need them.
fn shrink_wasm(tools: &Tools, path: &Path) -> Result {
    let mut wasm_opt = tools.command("wasm-opt")?;
    wasm_opt.args([
        // Pointers never refer to the lowest kilobyte of memory, because the stack ends there.
        "--low-memory-unused",
        "--flatten",
        "--rereloop",
        "-Oz",
        "-Oz",
        "--converge",
        "--strip-debug",
        "--strip-producers",
    ]);
    wasm_opt.args(["--strip-target-features", "-o"]).arg(path).arg(path);
    long::run_long(
        &format!("wasm-opt on {} (takes up to a minute)", files::name(path)),
        &mut wasm_opt,
    )
}

fn minify(tools: &Tools, path: &Path) -> Result {
    run::run(&mut esbuild(tools, path)?)
}

/// Returns a command that minifies a script or stylesheet in place.
fn esbuild(tools: &Tools, path: &Path) -> Result<Command> {
    let mut esbuild = tools.command("esbuild")?;
    esbuild.arg(path).args(["--minify", "--log-level=warning", "--allow-overwrite"]);
    // Keep strings unchanged; only local names become shorter.
    esbuild.args(["--charset=utf8", "--legal-comments=none"]);
    // In the module's imports, wasm-bindgen repeats the key of a script for each function of the script, always with
    // the same value.
    esbuild.arg("--log-override:duplicate-object-key=silent");
    esbuild.arg(format!("--outfile={}", path.display()));
    Ok(esbuild)
}

fn minify_json(path: &Path) -> Result {
    let value: Value = serde_json::from_str(&files::read(path)?)
        .or_fail(|| format!("cannot read {}", path.display()))?;
    files::write(path, value.to_string())
}
