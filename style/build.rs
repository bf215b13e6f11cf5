//! Joins and minifies the CSS files. Without this, each visitor would load comments, indentation and
//! the long names of private properties.
#![expect(clippy::panic, reason = "a build script reports its errors by panicking")]

use std::path::Path;
use std::{env, fs};

/// The files of the widget's stylesheet, in the order of the cascade.
const STYLES: [&str; 14] = [
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
    "form.css",
    "media.css",
    "print.css",
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
    let minified = shorten_private_names(&minified.to_string());
    let out = env::var_os("OUT_DIR").unwrap_or_else(|| panic!("OUT_DIR is not set"));
    let out = Path::new(&out).join(name);
    fs::write(&out, minified).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}

/// Replaces the names of private properties, such as `--_border`, by numbers. They are a tenth of the
/// minified stylesheet.
fn shorten_private_names(styles: &str) -> String {
    let mut names = Vec::new();
    let mut pieces = styles.split("--_");
    let mut shortened = String::from(pieces.next().unwrap_or_default());
    for piece in pieces {
        let is_end = |char: char| !char.is_ascii_alphanumeric() && char != '-';
        let (name, rest) = piece.split_at(piece.find(is_end).unwrap_or(piece.len()));
        let number = names.iter().position(|known| *known == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        shortened.extend(["--_", &number.to_string(), rest]);
    }
    shortened
}
