//! Paths that a document names.

/// Endings of files that are written by hand.
const ENDINGS: [&str; 10] = ["rs", "toml", "md", "js", "ts", "css", "html", "json", "yml", "sh"];
/// Folders that are made, and may be missing.
const MADE: [&str; 7] =
    ["target", "dist", "dist-npm", "locales", "results", "data", "node_modules"];

/// What stands in backticks and looks like a path in the repository, with its line: it has a
/// slash, and either ends like a file or a folder, or begins with a name at the top level. A bare
/// `store.rs` is taken for one, too: there are several of most names.
/// Blocks of code are examples, mostly of other people's files, and are left out.
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
        // Between backticks is every second piece.
        .flat_map(|(line, number)| {
            line.split('`').skip(1).step_by(2).map(move |code| (number, code))
        })
        .filter(move |(_, code)| is_repo_path(code, &is_at_top))
}

fn is_repo_path(code: &str, is_at_top: impl Fn(&str) -> bool) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    if !code.chars().all(plain) {
        return false;
    }
    let ending = code.rsplit_once('.').map_or("", |(_, ending)| ending);
    let Some((first, _)) = code.split_once('/') else { return ending == "rs" };
    if first.is_empty() || MADE.contains(&first) {
        return false;
    }
    code.ends_with('/') || ENDINGS.contains(&ending) || is_at_top(first)
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
    fn paths_are_found_with_their_line() {
        check(
            "See `contract/src/check.rs`\nand `src/state`.",
            &[(1, "contract/src/check.rs"), (2, "src/state")],
        );
        check("`old/` and `gone/file.rs` too", &[(1, "old/"), (1, "gone/file.rs")]);
        check("`file.rs`, beside it", &[(1, "file.rs")]);
    }

    #[test]
    fn what_only_resembles_a_path_is_left_alone() {
        check("`GET /forms/quote`, `/healthz`, `forms/quote`, `multipart/form-data`", &[]);
        check("`https://example.org/a.html`, `~/.cache/deal-form`, `src/*.rs`", &[]);
        check("`Cargo.toml`, `target/doc/index.html`, `dist/`", &[]);
        check("no code: src/gone.rs", &[]);
    }

    #[test]
    fn blocks_of_code_are_examples() {
        check("```sh\ncp `src/a.rs`\n```\n`src/b.rs`", &[(4, "src/b.rs")]);
    }
}
