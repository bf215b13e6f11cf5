//! Tests that the programs accept each form file and each settings file in the guide.

use std::fs;

use deal_contract::definition::FormDefinition;
use deal_proxy::Config;
use guide::page;

/// Returns the code blocks in a language, each with its line number. A block in a list is indented.
fn blocks(page: &str, language: &str) -> Vec<(usize, String)> {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let mut inside = None;
    for (line, number) in page.lines().zip(1..) {
        match (line.trim_start().strip_prefix("```"), inside) {
            (Some(_), Some(_)) => inside = None,
            (Some(name), None) => {
                inside = Some(name == language);
                if name == language {
                    blocks.push((number, String::new()));
                }
            }
            (None, Some(true)) => {
                if let Some((_, block)) = blocks.last_mut() {
                    block.push_str(line);
                    block.push('\n');
                }
            }
            (None, _) => {}
        }
    }
    blocks
}

fn pages() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pages = entries.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    pages.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn shows_only_valid_form_files() {
    let mut read = 0;
    for name in pages() {
        for (line, block) in blocks(&page(&name), "toml") {
            read += 1;
            if let Err(mistakes) = FormDefinition::from_toml(&block) {
                panic!("{name}, the block at line {line}:\n{mistakes}\n\n{block}");
            }
        }
    }
    assert!(read > 5, "{read}");
}

#[test]
fn shows_only_valid_settings() {
    let mut read = 0;
    for name in pages() {
        for (line, block) in blocks(&page(&name), "toml,settings") {
            read += 1;
            if let Err(error) = Config::from_toml(&block) {
                panic!("{name}, the block at line {line}: {error}");
            }
        }
    }
    assert!(read > 1, "{read}");
}

#[test]
fn lists_every_page_in_the_contents() {
    let contents = page("SUMMARY.md");
    for name in pages() {
        assert!(name == "SUMMARY.md" || contents.contains(&format!("({name})")), "{name}");
    }
}
