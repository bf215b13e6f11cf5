//! Reads and writes the guide's pages, for tests that compare the pages with the code.
//!
//! Tables that the code determines are between `<!-- begin NAME -->` and `<!-- end NAME -->`. Tests
//! compare these tables with the code, and `UPDATE_GUIDE=1 cargo test` writes them.
#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "only tests use it, and they fail by panicking with a reason"
)]

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

/// A lock that lets only one test at a time read and write pages.
static WRITING: Mutex<()> = Mutex::new(());

/// Returns the content of a file in the repository.
///
/// # Panics
/// If the file cannot be read.
#[must_use]
pub fn repository_file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the text of a page in the guide, such as `forms/keys.md`.
///
/// # Panics
/// If the page does not exist.
#[must_use]
pub fn page(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Returns the text below a heading, up to the next heading of the same or a higher level.
///
/// # Panics
/// If the page does not have this heading.
#[must_use]
pub fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let level = heading.split(' ').next().unwrap_or_default();
    let begin = format!("\n{heading}\n");
    let at = page.find(&begin).unwrap_or_else(|| panic!("cannot find the heading {heading:?}"));
    let (_, rest) = page.split_at(at + begin.len());
    let is_end = |line: &str| {
        let marks = line.split(' ').next().unwrap_or_default();
        !marks.is_empty() && marks.bytes().all(|byte| byte == b'#') && marks.len() <= level.len()
    };
    let mut end = 0;
    let mut fenced = false;
    for line in rest.split_inclusive('\n') {
        fenced ^= line.starts_with("```");
        if !fenced && is_end(line.trim_end()) {
            break;
        }
        end += line.len();
    }
    rest.split_at(end).0
}

/// Returns the names in the first cells of all table rows, in order: ``| `name` | …``. A cell may have
/// several names.
pub fn rows(text: &str) -> Vec<&str> {
    let cells = text.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').next());
    // The first backtick is stripped, so every second piece is inside backticks.
    cells
        .flat_map(|cell| cell.split('`').step_by(2))
        .filter(|name| !name.trim().is_empty())
        .collect()
}

/// Compares the text between `<!-- begin NAME -->` and `<!-- end NAME -->` with the expected text. With
/// `UPDATE_GUIDE=1` in the environment, writes the expected text instead.
///
/// # Panics
/// If the text differs, or the page does not have this region.
#[track_caller]
pub fn assert_generated(name: &str, region: &str, expected: &str) {
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let page = page(name);
    let (begin, end) = (format!("<!-- begin {region} -->\n"), format!("<!-- end {region} -->"));
    let parts = page.split_once(&begin).and_then(|(before, rest)| {
        let (found, after) = rest.split_once(&end)?;
        Some((before, found, after))
    });
    let (before, found, after) = parts.unwrap_or_else(|| panic!("{name} has no {begin}"));
    // Without blank lines around the text, Markdown would treat the markers as part of the text.
    let expected = format!("\n{}\n\n", expected.trim());
    if found == expected {
        return;
    }
    assert!(
        env::var_os("UPDATE_GUIDE").is_some(),
        "{name}: `{region}` differs from the code; UPDATE_GUIDE=1 cargo test writes it"
    );
    fs::write(path(name), [before, &begin, &expected, &end, after].concat())
        .expect("the page should be writable");
}

/// Escapes text for a table cell.
#[must_use]
pub fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name)
}

#[cfg(test)]
mod tests {
    use super::{rows, section};

    const PAGE: &str = "# Page\n\n## One\ntext\n### Part\n| `a` | A |\n| `b`, `c` | B |\n## Two\n";

    #[test]
    fn ends_a_section_at_the_next_heading_of_its_level() {
        assert_eq!(section(PAGE, "### Part"), "| `a` | A |\n| `b`, `c` | B |\n");
        assert!(section(PAGE, "## One").ends_with("| B |\n"));
        assert_eq!(
            section("\n## Code\n```sh\n# no heading\n```\n# End\n", "## Code").lines().count(),
            3
        );
    }

    #[test]
    fn finds_the_names_in_the_first_cell_of_each_row() {
        assert_eq!(rows(PAGE), ["a", "b", "c"]);
    }
}
