//! `cargo xtask dist`: the widget as it is shipped, and what it weighs.

mod page;
mod table;

use crate::{
    failure::{Failure, OrFail as _, Result},
    flags::Purpose,
    repo,
    run::{self, long},
    setup::{self, Tools},
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use table::Part;

/// What the standalone page may weigh, compressed with brotli, everything included.
const BUDGET: u64 = 100_000;
/// The profile in Cargo.toml that saves bytes, and how index.html asks for it.
const PROFILE: &str = "widget";
const PROFILE_IN_HTML: &str = "data-cargo-profile-release";

/// Builds into `out`, prints the table, and fails when the budget is exceeded.
pub(crate) fn command(out: &Path) -> Result {
    let tools = setup::tools_for(Purpose::Dist)?;
    let folder = build(&tools, out)?;
    let parts = weigh(&folder)?;
    println!("\n{}", table::table(&parts, BUDGET));
    println!("in {}", folder.display());
    let total: u64 = parts.iter().map(|part| part.brotli).sum();
    if total > BUDGET {
        return Err(Failure::new(format!(
            "the page weighs {total} bytes with brotli, {} over its budget",
            total - BUDGET
        ))
        .advise("`twiggy top` on a build with names shows what is large."));
    }
    Ok(())
}

/// Builds the bundle. It takes the place of what was in `out` only when it is complete.
fn build(tools: &Tools, out: &Path) -> Result<PathBuf> {
    let out = repo::root().join(out);
    check_is_ours(&out)?;
    let work = repo::target().join("dist-work");
    remove(&work)?;

    eprintln!("• building the widget for release (1 to 3 minutes when nothing is built yet)");
    run::run(&mut trunk(tools, &work)?)?;
    for path in files(&work)? {
        match extension(&path) {
            "wasm" => shrink_wasm(tools, &path)?,
            "js" | "mjs" | "css" => minify(tools, &path)?,
            _ => {}
        }
    }
    compress(&work)?;

    remove(&out)?;
    if let Some(parent) = out.parent() {
        fs::create_dir_all(parent).or_fail(|| format!("cannot make {}", parent.display()))?;
    }
    fs::rename(&work, &out).or_fail(|| format!("cannot write {}", out.display()))?;
    Ok(out)
}

fn trunk(tools: &Tools, into: &Path) -> Result<std::process::Command> {
    let mut trunk = tools.command("trunk")?;
    trunk.current_dir(repo::root()).args(["build", "--release", "--color", "never"]);
    // The hashes of subresource integrity would be those of the files before they shrink.
    // And trunk's minifier cannot read today's glue: it would only warn, and save 40 bytes of HTML.
    trunk.args(["--minify", "false", "--no-sri", "true", "--dist"]).arg(into);
    let html = repo::root().join("index.html");
    let html = fs::read_to_string(&html).or_fail(|| format!("cannot read {}", html.display()))?;
    if !html.contains(PROFILE_IN_HTML) {
        trunk.args(["--cargo-profile", PROFILE]);
    }
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", without_paths());
    // trunk 0.21 reads this as a flag and fails on the usual `NO_COLOR=1`.
    trunk.env_remove("NO_COLOR");
    Ok(trunk)
}

/// Flags that keep this machine's paths out of what is shipped: panics name source files. The
/// bundle is the same wherever it is built, and smaller.
fn without_paths() -> String {
    let home = std::env::home_dir().unwrap_or_default();
    let cargo = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let registry = cargo.join("registry/src");
    let indexes = fs::read_dir(&registry).into_iter().flatten().flatten();
    let folders = indexes.map(|index| index.path()).chain([repo::root().to_owned()]);
    let flags: Vec<_> =
        folders.map(|folder| format!("--remap-path-prefix={}/=", folder.display())).collect();
    flags.join(" ")
}

/// wasm-opt finds in the module which features the compiler used, and uses no others. That list
/// and the names are of no use to a browser.
fn shrink_wasm(tools: &Tools, path: &Path) -> Result {
    let mut wasm_opt = tools.command("wasm-opt")?;
    wasm_opt.args(["-Oz", "--converge", "--strip-debug", "--strip-producers"]);
    wasm_opt.args(["--strip-target-features", "-o"]).arg(path).arg(path);
    long::run_long(&format!("wasm-opt on {} (up to a minute)", name(path)), &mut wasm_opt)
}

fn minify(tools: &Tools, path: &Path) -> Result {
    let mut esbuild = tools.command("esbuild")?;
    esbuild.arg(path).args(["--minify", "--log-level=warning", "--allow-overwrite"]);
    // What the files say is kept, but for names that nobody outside can see.
    esbuild.args(["--charset=utf8", "--legal-comments=none"]);
    esbuild.arg(format!("--outfile={}", path.display()));
    run::run(&mut esbuild)
}

/// Puts `x.br` and `x.gz` beside every `x` that gets smaller by it, for servers that send those.
/// Node has both compressors; the crates would cost every cold start ten seconds.
fn compress(folder: &Path) -> Result {
    let mut node = run::command("node");
    node.args(["--input-type=module", "-e", COMPRESS, "--"]);
    node.args(files(folder)?.iter().filter(|path| COMPRESSIBLE.contains(&extension(path))));
    run::run(&mut node)
}

const COMPRESSIBLE: [&str; 9] = ["html", "js", "mjs", "css", "wasm", "json", "svg", "txt", "xml"];

const COMPRESS: &str = r#"
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync, constants as c } from "node:zlib";
for (const path of process.argv.slice(1)) {
  const raw = readFileSync(path);
  const params = { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_SIZE_HINT]: raw.length };
  const small = { br: brotliCompressSync(raw, { params }), gz: gzipSync(raw, { level: 9 }) };
  for (const [extension, bytes] of Object.entries(small)) {
    if (bytes.length < raw.length) writeFileSync(`${path}.${extension}`, bytes);
  }
}
"#;

/// Everything that the page loads, with its sizes.
fn weigh(folder: &Path) -> Result<Vec<Part>> {
    let all = files(folder)?;
    let mut contents = Vec::new();
    for path in &all {
        if !matches!(extension(path), "br" | "gz") {
            let bytes = fs::read(path).or_fail(|| format!("cannot read {}", path.display()))?;
            let inside = path.strip_prefix(folder).unwrap_or(path);
            contents.push((inside.to_string_lossy().into_owned(), bytes));
        }
    }
    let size = |name: &str, suffix: &str, raw: u64| {
        let path = folder.join(format!("{name}{suffix}"));
        path.metadata().map_or(raw, |found| found.len())
    };
    let loaded = page::loaded("index.html", &contents)?;
    Ok(loaded
        .into_iter()
        .map(|(name, bytes)| {
            let raw = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            Part {
                raw,
                gzip: size(name, ".gz", raw),
                brotli: size(name, ".br", raw),
                name: name.to_owned(),
            }
        })
        .collect())
}

/// A folder is only replaced when it looks like one that was made here.
fn check_is_ours(out: &Path) -> Result {
    let empty = || fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_none());
    if !out.exists()
        || out.join("index.html").exists() && !out.join("Cargo.toml").exists()
        || empty()
    {
        return Ok(());
    }
    Err(Failure::new(format!("{} is there and is no bundle", out.display()))
        .advise("Choose another folder with --out, or remove it yourself."))
}

fn remove(folder: &Path) -> Result {
    if folder.exists() {
        fs::remove_dir_all(folder).or_fail(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

/// All files in a folder, sorted.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).or_fail(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry.or_fail(|| format!("cannot read {}", folder.display()))?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|e| e.to_str()).unwrap_or_default()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
