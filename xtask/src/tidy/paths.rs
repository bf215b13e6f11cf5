//! Finds the paths in a document.

/// The extensions of source files.
const EXTENSIONS: [&str; 10] = ["rs", "toml", "md", "js", "ts", "css", "html", "json", "yml", "sh"];
/// Generated folders, which may be missing.
const GENERATED: [&str; 7] =
    ["target", "dist", "dist-npm", "locales", "results", "data", "node_modules"];

/// Returns the code in backticks that looks like a path in the repository, with its line: code that
/// contains a slash, and that has an extension, ends with a slash, or starts with a name at the top
/// level. A bare `store.rs` is also returned, because documents must write it with its folder. Leaves
/// out code blocks, because they are examples and mostly show other people's files.
pub(super) fn named<'a>(
    text: &'a str,
    is_at_top: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = (usize, &'a str)> {
    let mut fenced = false;
    text.lines()
        .zip(1..)
        .filter(move |(line, _)| {
            let fence = line.trim_start().starts_with("```");
            fenced ^= fence;
            !fenced && !fence
        })
        // Every second piece is between backticks.
        .flat_map(|(line, number)| {
            line.split('`').skip(1).step_by(2).map(move |code| (number, code))
        })
        .filter(move |(_, code)| is_repo_path(code, &is_at_top))
}

fn is_repo_path(code: &str, is_at_top: impl Fn(&str) -> bool) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    if !code.chars().all(is_plain) {
        return false;
    }
    let extension = code.rsplit_once('.').map_or("", |(_, extension)| extension);
    let Some((first, _)) = code.split_once('/') else { return extension == "rs" };
    if first.is_empty() || GENERATED.contains(&first) {
        return false;
    }
    code.ends_with('/') || EXTENSIONS.contains(&extension) || is_at_top(first)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[track_caller]
    fn check(text: &str, expected: &[(usize, &str)]) {
        let top = |first: &str| matches!(first, "src" | "contract");
        assert_eq!(named(text, top).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn finds_paths_with_their_lines() {
        check(
            "See `contract/src/check.rs`\nand `src/state`.",
            &[(1, "contract/src/check.rs"), (2, "src/state")],
        );
        check("`old/` and `gone/file.rs` too", &[(1, "old/"), (1, "gone/file.rs")]);
        check("`file.rs`, beside it", &[(1, "file.rs")]);
    }

    #[test]
    fn ignores_code_that_only_resembles_a_path() {
        check("`GET /forms/quote`, `/healthz`, `forms/quote`, `multipart/form-data`", &[]);
        check("`https://example.org/a.html`, `~/.cache/deal-form`, `src/*.rs`", &[]);
        check("`Cargo.toml`, `target/doc/index.html`, `dist/`", &[]);
        check("no code: src/gone.rs", &[]);
    }

    #[test]
    fn ignores_code_blocks() {
        check("```sh\ncp `src/a.rs`\n```\n`src/b.rs`", &[(4, "src/b.rs")]);
    }
}
