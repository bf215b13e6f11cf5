//! Joins and minifies the CSS files. Without this, each visitor would load 0.8 kB of
//! comments and indentation.
#![expect(clippy::panic, reason = "a build script reports its errors by panicking")]

use std::path::Path;
use std::{env, fs};

/// The files of the widget's stylesheet, in the order of the cascade.
const STYLES: [&str; 13] = [
    "tokens.css",
    "base.css",
    "controls/field.css",
    "controls/text.css",
    "controls/flag.css",
    "controls/choice.css",
    "controls/switch.css",
    "controls/date.css",
    "controls/interpretation.css",
    "controls/tags.css",
    "controls/attachments.css",
    "media.css",
    "form.css",
];

/// The rules that only the plain form needs. Without them, each visitor loads 0.3 kB less WebAssembly.
const PLAIN: &str = "plain.css";

fn main() {
    let widget: String = STYLES.into_iter().map(read).collect();
    write("stylesheet.css", &widget);
    write("plain.css", &(widget + &read(PLAIN)));
}

fn read(path: &str) -> String {
    println!("cargo::rerun-if-changed={path}");
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn write(name: &str, styles: &str) {
    let minified = minifier::css::minify(styles)
        .unwrap_or_else(|error| panic!("cannot minify the stylesheet: {error}"));
    let out = env::var_os("OUT_DIR").unwrap_or_else(|| panic!("OUT_DIR is not set"));
    let out = Path::new(&out).join(name);
    fs::write(&out, minified.to_string())
        .unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}
