//! The running text of Markdown documents, and of the comments and strings in source files.

use proc_macro2::{LexError, TokenStream, TokenTree};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The character that replaces code, because the check does not read code.
const LEFT_OUT: char = '\u{fffc}';

/// A block of running text, such as a paragraph, a heading or a table cell.
#[derive(Debug, Default)]
pub(super) struct Passage {
    /// The text in lower case.
    pub(super) text: String,
    /// The position of each piece of the text, with its line in the document.
    pieces: Vec<(usize, usize)>,
}

impl Passage {
    /// Returns the line number of a position in the text.
    pub(super) fn line(&self, at: usize) -> usize {
        let before = self.pieces.iter().take_while(|(start, _)| *start <= at);
        before.last().map_or(1, |(_, line)| *line)
    }

    fn push(&mut self, text: &str, line: usize) {
        self.pieces.push((self.text.len(), line));
        self.text.push_str(&text.to_lowercase());
    }
}

/// Returns all passages, without code blocks and without the regions that tests generate from the code.
pub(super) fn passages(document: &str) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut current = Passage::default();
    let mut is_code = false;
    let mut is_generated = false;
    let line_of = |at: usize| 1 + document.bytes().take(at).filter(|byte| *byte == b'\n').count();
    for (event, range) in Parser::new_ext(document, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Html(html) if html.starts_with("<!-- begin ") => is_generated = true,
            Event::Html(html) if html.starts_with("<!-- end ") => is_generated = false,
            Event::Text(text) if !is_code && !is_generated => {
                current.push(&text, line_of(range.start));
            }
            Event::Code(_) => current.text.push(LEFT_OUT),
            Event::SoftBreak | Event::HardBreak => current.text.push(' '),
            Event::End(end) if is_block(end) => passages.push(std::mem::take(&mut current)),
            _ => {}
        }
    }
    passages.push(current);
    passages.iter_mut().for_each(leave_out_quotes);
    passages.retain(|passage| !passage.text.is_empty());
    passages
}

/// Returns all passages in comments that have their own lines. Treats the other lines as blank, so a
/// passage ends with its comment, and line numbers do not change.
pub(super) fn comments(source: &str) -> Vec<Passage> {
    let comment = |line: &'_ str| -> String {
        let line = line.trim_start();
        let text = MARKS.iter().find_map(|mark| line.strip_prefix(mark));
        text.unwrap_or_default().to_owned() + "\n"
    };
    passages(&source.lines().map(comment).collect::<String>())
}

const MARKS: [&str; 6] = ["///", "//!", "//", "/**", "/*", "* "];

/// Returns the string literals in a Rust file. Leaves out doc comments, which the parser also returns as
/// strings.
pub(super) fn strings(source: &str) -> Result<Vec<Passage>, LexError> {
    let mut strings = Vec::new();
    collect_strings(source.parse()?, &mut strings);
    strings.iter_mut().for_each(leave_out_quotes);
    Ok(strings)
}

fn collect_strings(tokens: TokenStream, strings: &mut Vec<Passage>) {
    let mut is_documentation = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect_strings(group.stream(), strings),
            TokenTree::Ident(identifier) => is_documentation = identifier == "doc",
            TokenTree::Literal(literal) if !is_documentation => {
                let line = literal.span().start().line;
                if let syn::Lit::Str(text) = syn::Lit::new(literal) {
                    let mut passage = Passage::default();
                    passage.push(&text.value(), line);
                    strings.push(passage);
                }
            }
            TokenTree::Literal(_) | TokenTree::Punct(_) => {}
        }
    }
}

fn is_block(end: TagEnd) -> bool {
    matches!(end, TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell)
}

/// Replaces text in “…” with dots, because it repeats a program's output. Keeps the length, so that positions
/// stay valid.
fn leave_out_quotes(passage: &mut Passage) {
    let mut is_quoted = false;
    let mut text = String::with_capacity(passage.text.len());
    for c in passage.text.chars() {
        is_quoted = (is_quoted || c == '“') && c != '”';
        if is_quoted {
            text.extend(std::iter::repeat_n('.', c.len_utf8()));
        } else {
            text.push(c);
        }
    }
    passage.text = text;
}

#[cfg(test)]
mod tests {
    use super::{Passage, comments, passages, strings};

    #[track_caller]
    fn check(document: &str, expected: &[(usize, &str)]) {
        check_passages(&passages(document), expected);
    }

    #[track_caller]
    fn check_passages(found: &[Passage], expected: &[(usize, &str)]) {
        let found: Vec<_> =
            found.iter().map(|passage| (passage.line(0), passage.text.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn splits_a_document_into_blocks_of_text() {
        check("# One\n\ntwo\n*three*\n\n- four\n", &[(1, "one"), (3, "two three"), (6, "four")]);
        check("| A | B |\n|---|---|\n| c | d |\n", &[(1, "a"), (1, "b"), (3, "c"), (3, "d")]);
    }

    #[test]
    fn omits_code_and_quotes() {
        check("a `b` c\n\n```sh\nd\n```\n", &[(1, "a \u{fffc} c")]);
        check("says “no”", &[(1, "says .....”")]);
    }

    #[test]
    fn reads_only_comments_of_source_files() {
        let rust = "//! One\n//! two.\n\nfn f() {\n    // Three: `code`\n    g(\"// no\");\n}\n";
        check_passages(&comments(rust), &[(1, "one two."), (5, "three: \u{fffc}")]);
        check_passages(&comments("/** Four\n * five */\nconst a = 1;\n"), &[(1, "four five */")]);
    }

    #[test]
    fn reads_only_strings_that_are_not_documentation() {
        let rust = "/// One\nfn f() {\n    g('2', \"Three\",\n      r#\"says “no”\"#);\n}\n";
        check_passages(&strings(rust).unwrap(), &[(3, "three"), (4, "says .....”")]);
    }

    #[test]
    fn omits_generated_regions() {
        check("<!-- begin x -->\n\na\n\n<!-- end x -->\n\nb", &[(7, "b")]);
    }

    #[test]
    fn finds_the_line_of_a_position() {
        let [passage] = passages("one\ntwo\nthree").try_into().unwrap();
        assert_eq!(passage.line(passage.text.find("two").unwrap()), 2);
        assert_eq!(passage.line(passage.text.find("ree").unwrap()), 3);
    }
}
