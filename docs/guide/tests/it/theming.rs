//! Compares the custom properties in the guide with the styles. `tests/browser/parts.rs` compares
//! the parts in a browser.

use std::fs;
use std::path::{Path, PathBuf};

use guide::{page, rows, section};

use crate::assert_names_all;

fn sheets(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sheets(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "css") {
            found.push(path);
        }
    }
}

#[test]
fn documents_every_custom_property_of_the_styles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    sheets(&root.join("style"), &mut found);
    sheets(&root.join("src"), &mut found);
    let text: String = found.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let read = text.split("var(").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
        Some(rest.split_at(end).0).filter(|name| name.starts_with("--df-"))
    });
    let theming = page("theming.md");
    assert_names_all(read, rows(section(&theming, "## Custom properties")));
}
