//! Finds the files that a page loads.

use crate::failure::{Failure, Result};
use std::path::Path;

/// A file's path in the bundle, and its content.
pub(super) type File = (String, Vec<u8>);

/// Returns the file `start`, all files that it names, all files that those name, and so on. This is an
/// upper bound, because a script may load some of these files only later. Names that a script builds at
/// run time are not found.
///
/// # Errors
/// If `start` does not exist.
pub(super) fn loaded<'a>(start: &str, files: &'a [File]) -> Result<Vec<(&'a str, &'a [u8])>> {
    let (first, mut others): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| name == start);
    if first.is_empty() {
        return Err(Failure::new(format!("the bundle does not contain {start}")));
    }
    let mut found = first;
    let mut next = 0;
    while let Some((name, bytes)) = found.get(next) {
        next += 1;
        // Do not search modules: a module names only its imports, which the glue also names.
        if Path::new(name).extension().is_some_and(|extension| extension == "wasm") {
            continue;
        }
        let text = String::from_utf8_lossy(bytes);
        let (named, rest) =
            others.into_iter().partition(|(other, _)| contains_name(&text, base(other)));
        found.extend::<Vec<_>>(named);
        others = rest;
    }
    Ok(found.into_iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect())
}

/// Returns whether the text contains the name, not counting occurrences at the end of a longer name.
fn contains_name(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.split_at_checked(at).and_then(|(before, _)| before.chars().next_back());
        before.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
    })
}

fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Returns the page without the text between `<!-- part -->` and `<!-- /part -->`.
pub(super) fn without(part: &str, html: &str) -> String {
    let (begin, end) = (format!("<!-- {part} -->"), format!("<!-- /{part} -->"));
    let mut pieces = html.split(&begin);
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| piece.split_once(&end).map_or("", |(_, after)| after));
    [first].into_iter().chain(rest.map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::{loaded, without};

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let files: Vec<_> = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect();
        let names: Vec<_> =
            loaded("index.html", &files).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn finds_files_that_the_page_names_directly_or_indirectly() {
        check(
            &[
                ("LICENSE", ""),
                ("app-1f_bg.wasm", "unused.js"),
                ("app-1f.js", "new URL('app-1f_bg.wasm', import.meta.url)"),
                ("fonts/a.woff2", ""),
                ("index.html", r#"<link href="/page.css"><script src="./start.js">"#),
                ("page.css", "@font-face { src: url(fonts/a.woff2) }"),
                ("start.js", "import init from './app-1f.js';"),
                ("unused.js", ""),
            ],
            &["index.html", "page.css", "start.js", "fonts/a.woff2", "app-1f.js", "app-1f_bg.wasm"],
        );
    }

    #[test]
    fn ignores_the_end_of_a_longer_name() {
        check(&[("form.js", ""), ("index.html", "<script src=/deal-form.js>")], &["index.html"]);
    }

    #[test]
    fn omits_the_marked_parts() {
        let html = "<a>1</a><!-- examples --><a>2</a><!-- /examples --><p><!-- examples -->3<!-- /examples --></p>";
        assert_eq!(without("examples", html), "<a>1</a><p></p>");
        assert_eq!(without("other", "<a>1</a>"), "<a>1</a>");
    }

    #[test]
    fn reports_a_bundle_without_the_page() {
        let error = loaded("index.html", &[]).unwrap_err().to_string();
        assert_eq!(error, "the bundle does not contain index.html");
    }
}
