//! Joins and minifies the CSS files of the widget. Without this, each visitor would load 0.8 kB of
//! comments and indentation.
#![expect(clippy::panic, reason = "a build script reports its errors by panicking")]

use std::path::Path;
use std::{env, fs};

/// In the order of the cascade.
const STYLES: [&str; 13] = [
    "style/tokens.css",
    "style/base.css",
    "src/controls/field/field.css",
    "src/controls/text/text.css",
    "src/controls/flag/flag.css",
    "src/controls/choice/choice.css",
    "src/controls/flag/switch.css",
    "src/controls/date/date.css",
    "src/controls/field/interpretation.css",
    "src/controls/tags/tags.css",
    "src/controls/attachments/attachments.css",
    "src/controls/media.css",
    "src/form/form.css",
];

fn main() {
    let read = |path: &str| {
        println!("cargo::rerun-if-changed={path}");
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let styles: String = STYLES.into_iter().map(read).collect();
    let minified = minifier::css::minify(&styles)
        .unwrap_or_else(|error| panic!("cannot minify the stylesheet: {error}"));
    let out = env::var_os("OUT_DIR").unwrap_or_else(|| panic!("OUT_DIR is not set"));
    let out = Path::new(&out).join("styles.css");
    fs::write(&out, minified.to_string())
        .unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}
