//! Compresses and hashes files with Node.js: crates that do this would add ten seconds to each clean
//! build.

use crate::{
    failure::{OrFail as _, Result},
    files, run,
};
use serde_json::Value;
use std::path::Path;

const SCRIPT: &str = include_str!("compress.mjs");
const COMPRESSIBLE: [&str; 9] = ["html", "js", "mjs", "css", "wasm", "json", "svg", "txt", "xml"];

/// A file in a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// The path in the bundle.
    pub(super) name: String,
    /// The size in bytes.
    pub(super) raw: u64,
    /// The size as servers send it with gzip.
    pub(super) gzip: u64,
    /// The size as servers send it with brotli.
    pub(super) brotli: u64,
    /// The SHA-256 in hexadecimal digits.
    pub(super) sha256: String,
    /// The value for an `integrity` attribute.
    pub(super) integrity: String,
}

/// Writes `x.br` and `x.gz` beside each compressible file `x` in the folder, if they are smaller than `x`. Returns all
/// files, sorted by name.
pub(super) fn compress(folder: &Path) -> Result<Vec<File>> {
    let all = files::all(folder)?;
    let inside = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_owned();
    let (text, other): (Vec<_>, Vec<_>) =
        all.iter().partition(|path| COMPRESSIBLE.contains(&files::extension(path)));
    let mut node = run::command("node");
    node.args(["--input-type=module", "-e", SCRIPT, "--"]).arg(folder);
    node.args(text.into_iter().map(|path| inside(path))).arg("--");
    node.args(other.into_iter().map(|path| inside(path)));
    let json = run::capture(&mut node)?;
    let json: Value =
        serde_json::from_str(&json).or_fail(|| "cannot read the output of node".to_owned())?;
    let mut files: Vec<_> = json.as_array().into_iter().flatten().filter_map(file).collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn file(json: &Value) -> Option<File> {
    let text = |key| json.get(key).and_then(Value::as_str).map(str::to_owned);
    let number = |key| json.get(key).and_then(Value::as_u64);
    Some(File {
        name: text("name")?,
        raw: number("raw")?,
        gzip: number("gzip")?,
        brotli: number("brotli")?,
        sha256: text("sha256")?,
        integrity: text("integrity")?,
    })
}
