//! Finds identifiers that contain words which the glossary in ARCHITECTURE.md replaces.

use crate::{
    failure::{Failure, OrFail as _, Result},
    files, repo,
};
use proc_macro2::{Ident, TokenStream, TokenTree};
use std::{collections::BTreeSet, path::Path};

/// The document, and the heading above the table with the words: `| not | but |`.
const DOCUMENT: &str = "ARCHITECTURE.md";
const HEADING: &str = "### Words that code does not use";

/// A word that code does not use.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The parts of the word in lower case: `["take", "over"]` for `take_over` and `TakeOver`.
    parts: Vec<String>,
    /// The words to use instead, as written in the table.
    instead: String,
}

/// Reads the table in ARCHITECTURE.md.
pub(super) fn read() -> Result<Vec<Word>> {
    let words = table(&files::read(&repo::root().join(DOCUMENT))?);
    if words.is_empty() {
        return Err(Failure::new(format!("{DOCUMENT} has no table below `{HEADING}`")));
    }
    Ok(words)
}

fn table(document: &str) -> Vec<Word> {
    let section = document.split_once(HEADING).map_or("", |(_, section)| section);
    let section = section.split_once("\n#").map_or(section, |(section, _)| section);
    let rows = section.lines().filter_map(|line| {
        let (not, instead) = line.strip_prefix('|')?.trim_end_matches('|').split_once('|')?;
        Some((not, instead.trim().to_owned()))
    });
    rows.flat_map(|(not, instead)| {
        // Every second piece is between backticks.
        not.split('`')
            .skip(1)
            .step_by(2)
            .map(move |name| Word { parts: parts(name), instead: instead.clone() })
    })
    .collect()
}

/// Returns one sentence for each identifier that contains one of the words. The sentence names the
/// first line with that identifier.
pub(super) fn mistakes(file: &Path, words: &[Word]) -> Result<Vec<String>> {
    let name = file.strip_prefix(repo::root()).unwrap_or(file);
    let text = files::read(file)?;
    let tokens = text.parse().map_err(|error| format!("{error}"));
    let tokens: TokenStream = tokens.or_fail(|| format!("cannot parse {}", name.display()))?;
    let found = refused(tokens, words).into_iter();
    Ok(found.map(|(line, sentence)| format!("{}:{line}: {sentence}", name.display())).collect())
}

fn refused(tokens: TokenStream, words: &[Word]) -> Vec<(usize, String)> {
    let mut identifiers = Vec::new();
    collect(tokens, &mut identifiers);
    let mut known = BTreeSet::new();
    let mut refused = Vec::new();
    for identifier in identifiers {
        let name = identifier.to_string();
        let parts = parts(&name);
        let contains = |word: &&Word| parts.windows(word.parts.len()).any(|it| it == word.parts);
        if let Some(word) = words.iter().find(contains).filter(|_| known.insert(name.clone())) {
            let not = word.parts.join("_");
            let sentence = format!("`{name}` contains `{not}`: use {}", word.instead);
            refused.push((identifier.span().start().line, sentence));
        }
    }
    refused
}

fn collect(tokens: TokenStream, identifiers: &mut Vec<Ident>) {
    for token in tokens {
        match token {
            TokenTree::Ident(identifier) => identifiers.push(identifier),
            TokenTree::Group(group) => collect(group.stream(), identifiers),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Splits an identifier in snake case or camel case into its words, in lower case.
fn parts(identifier: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut was_lower = false;
    for c in identifier.chars() {
        if c == '_' || (c.is_uppercase() && was_lower) {
            parts.push(String::new());
        }
        was_lower = c.is_lowercase() || c.is_ascii_digit();
        if let Some(part) = parts.last_mut().filter(|_| c != '_') {
            part.extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::{HEADING, refused, table};

    #[track_caller]
    fn check(code: &str, expected: &[(usize, &str)]) {
        let document = format!(
            "| `Kept` | not this table |\n\n{HEADING}\n\n| not | but |\n|---|---|\n\
             | `Desk`, `take_over` | `Scheduler` |\n\n### Other\n\n| `Other` | – |\n"
        );
        let found = refused(code.parse().unwrap(), &table(&document));
        let found: Vec<_> = found.iter().map(|(line, text)| (*line, text.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn reports_a_word_in_snake_case_and_in_camel_case() {
        check("struct FrontDesk;", &[(1, "`FrontDesk` contains `desk`: use `Scheduler`")]);
        let sentence = "`may_take_over_it` contains `take_over`: use `Scheduler`";
        check("fn f() {\n  let may_take_over_it = 1;\n}", &[(2, sentence)]);
        check(
            "const DESK: u8 = vec![desk::NEW];",
            &[
                (1, "`DESK` contains `desk`: use `Scheduler`"),
                (1, "`desk` contains `desk`: use `Scheduler`"),
            ],
        );
    }

    #[test]
    fn accepts_other_words_comments_and_strings() {
        check(
            "// A desk.\nstruct Desktop { over: Kept, take: Other }\nconst A: &str = \"desk\";",
            &[],
        );
    }

    #[test]
    fn reports_an_identifier_once_with_its_first_line() {
        check(
            "fn a() { desk() }\nfn b() { desk() }",
            &[(1, "`desk` contains `desk`: use `Scheduler`")],
        );
    }
}
