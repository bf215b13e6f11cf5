//! What a page loads, found in the files themselves.

use crate::failure::{Failure, Result};
use std::path::Path;

/// A file's name, with folders, and what is in it.
pub(super) type File = (String, Vec<u8>);

/// The first file and everything that it names, and that those name, and so on. That is an upper
/// bound: what a script names, it may load only later. A name that is put together from pieces
/// at run time is not found, so scripts should not do that.
///
/// # Errors
/// When there is no such file.
pub(super) fn loaded<'a>(start: &str, files: &'a [File]) -> Result<Vec<(&'a str, &'a [u8])>> {
    let (first, mut others): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| name == start);
    if first.is_empty() {
        return Err(Failure::new(format!("the bundle has no {start}")));
    }
    let mut found = first;
    let mut next = 0;
    while let Some((name, bytes)) = found.get(next) {
        next += 1;
        // Names inside a module are those of imports, which its glue has brought in already.
        if Path::new(name).extension().is_some_and(|extension| extension == "wasm") {
            continue;
        }
        let text = String::from_utf8_lossy(bytes);
        let (named, rest) = others.into_iter().partition(|(other, _)| names(&text, base(other)));
        found.extend::<Vec<_>>(named);
        others = rest;
    }
    Ok(found.into_iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect())
}

/// Whether the name stands in the text on its own, not as the end of a longer one.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.split_at_checked(at).and_then(|(before, _)| before.chars().next_back());
        before.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
    })
}

fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The page without what stands between `<!-- part -->` and `<!-- /part -->`.
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
    fn a_page_loads_what_it_names_and_what_that_names() {
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
    fn the_end_of_a_longer_name_names_nothing() {
        check(&[("form.js", ""), ("index.html", "<script src=/deal-form.js>")], &["index.html"]);
    }

    #[test]
    fn what_is_marked_is_left_out() {
        let html = "<a>1</a><!-- examples --><a>2</a><!-- /examples --><p><!-- examples -->3<!-- /examples --></p>";
        assert_eq!(without("examples", html), "<a>1</a><p></p>");
        assert_eq!(without("other", "<a>1</a>"), "<a>1</a>");
    }

    #[test]
    fn a_bundle_without_a_page_is_an_error() {
        let said = loaded("index.html", &[]).unwrap_err().to_string();
        assert_eq!(said, "the bundle has no index.html");
    }
}
