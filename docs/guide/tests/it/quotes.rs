//! Tests that the guide quotes the programs' messages exactly.

use std::fs;
use std::path::Path;

use deal_contract::messages;
use guide::{page, repository_file};

/// The folders with the programs' messages.
const SOURCES: [&str; 3] = ["proxy/src", "contract/src", "embed"];

/// Quotes in the guide that are not messages, but commands and settings.
const NOT_MESSAGES: [&str; 8] = [
    "deal-proxy ",
    "submissions ",
    "show ",
    "doctor ",
    "systemctl ",
    "curl ",
    "auto_create",
    "Referrer-Policy",
];

/// The levels at the start of a line in the log.
const LEVELS: [&str; 2] = ["ERROR", "WARN"];

/// Appends the content of all source files in a folder, with the names of environment variables
/// filled in.
fn all_text(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all_text(&path, text);
        } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "js") {
            let source = fs::read_to_string(path).unwrap();
            let variable = source.split("VARIABLE: &str = \"").nth(1);
            let variable = variable.and_then(|rest| rest.split('"').next()).unwrap_or_default();
            text.push_str(&source.replace("{VARIABLE}", variable));
        }
    }
}

#[test]
fn quotes_the_form_exactly() {
    let loader = repository_file("embed/deal-form.js");
    let page = page("troubleshooting.md");
    let tables = page.lines().filter(|line| line.starts_with('|'));
    let quotes: Vec<&str> = tables
        .flat_map(|line| line.split('“').skip(1).filter_map(|rest| rest.split('”').next()))
        .collect();
    assert!(quotes.len() > 5, "{quotes:?}");
    for quote in quotes {
        let is_text =
            messages::all().any(|(_, text, _)| text.contains(quote)) || loader.contains(quote);
        assert!(is_text, "no text of the form contains “{quote}”");
    }
}

#[test]
fn quotes_the_programs_exactly() {
    let mut sources = String::new();
    for folder in SOURCES {
        all_text(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder), &mut sources);
    }
    // A literal may continue on the next line.
    let lines = sources.replace("\\\n", "\n").replace("\\\"", "\"");
    let sources = lines.split_whitespace().collect::<Vec<_>>().join(" ");
    let pages = ["troubleshooting.md", "watch.md"].map(page).concat();
    let tables = pages.lines().filter(|line| line.starts_with('|'));
    let quotes = tables.flat_map(|line| line.split('`').skip(1).step_by(2)).filter(|quote| {
        quote.contains(' ') && !NOT_MESSAGES.iter().any(|command| quote.starts_with(command))
    });
    let mut found = 0;
    for quote in quotes {
        found += 1;
        // An ellipsis stands for the part that varies.
        let parts = quote.split('…').map(str::trim).filter(|part| part.len() > 2);
        for part in parts.filter(|part| !LEVELS.contains(part)) {
            assert!(sources.contains(part), "no message contains `{part}`");
        }
    }
    assert!(found > 15, "{found}");
}
