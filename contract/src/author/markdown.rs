//! The subset of Markdown that form files use: `**bold**`, `*italics*`, `[text](address)`,
//! paragraphs and lists.
//!
//! The result is data, never markup: [`RichText`] has only texts, flags and checked addresses.

use thiserror::Error;

use crate::definition::{Block, RichText, Span, is_link_address};

/// Why a text is not valid Markdown for a form file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MarkdownError {
    /// A bracket that is not part of a link.
    #[error(
        "`{0}` is not part of a link such as [text](https://example.com); for a bracket, write `\\{0}` in a text in single quotes"
    )]
    Bracket(char),
    /// The address of a link is not allowed.
    #[error(
        "`{0}` cannot be the address of a link; start it with https://, mailto:, tel: or /, and write spaces as %20"
    )]
    Address(String),
    /// A link without a text.
    #[error("the link to `{0}` has no text; write it between the brackets")]
    EmptyLink(String),
    /// A brace, which looks like a placeholder for an answer.
    #[error(
        "`{0}` has no meaning here, because this text cannot contain answers; for a brace, write `\\{0}` in a text in single quotes"
    )]
    Brace(char),
    /// More than one paragraph, or a list, where only one paragraph is allowed.
    #[error("this text must be a single paragraph, without empty lines or lists")]
    NotOneParagraph,
}

impl RichText {
    /// Reads paragraphs and lists. A blank line ends a paragraph, and a line that begins with `- `
    /// or `* ` is a list item. A backslash before a punctuation character removes the character's
    /// special meaning.
    ///
    /// # Errors
    /// A bracket or brace without a meaning, a link without a text, or an address that is not
    /// allowed in links, such as `javascript:…`.
    ///
    /// ```
    /// use deal_contract::definition::RichText;
    ///
    /// let intro = RichText::from_markdown("**Free** of charge:\n- a call\n- a quote")?;
    /// assert_eq!(intro.blocks().len(), 2);
    /// assert!(RichText::from_markdown("[policy](htp:example.com)").is_err());
    /// # Ok::<(), deal_contract::author::MarkdownError>(())
    /// ```
    pub fn from_markdown(source: &str) -> Result<Self, MarkdownError> {
        let mut blocks = Vec::new();
        for source in block_sources(source) {
            blocks.push(match source {
                BlockSource::Paragraph(text) => Block::Paragraph(spans(&text)?),
                BlockSource::List(items) => {
                    let items: Result<_, _> = items.iter().map(|item| spans(item)).collect();
                    Block::List { items: items? }
                }
            });
        }
        Ok(Self::from_blocks(blocks))
    }

    /// Reads a text that is one paragraph.
    ///
    /// # Errors
    /// The errors from [`RichText::from_markdown`], and an error for several paragraphs or a list.
    pub fn from_markdown_line(source: &str) -> Result<Self, MarkdownError> {
        let text = Self::from_markdown(source)?;
        let is_line = matches!(text.blocks(), [] | [Block::Paragraph(_)]);
        if is_line { Ok(text) } else { Err(MarkdownError::NotOneParagraph) }
    }
}

enum BlockSource {
    Paragraph(String),
    List(Vec<String>),
}

/// Splits a text into paragraphs and lists. A line break within a paragraph becomes a space.
fn block_sources(source: &str) -> Vec<BlockSource> {
    let mut blocks: Vec<BlockSource> = Vec::new();
    let mut continues = false;
    for line in source.lines().map(str::trim) {
        if line.is_empty() {
            continues = false;
            continue;
        }
        let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
        match (blocks.last_mut(), item) {
            (Some(BlockSource::List(items)), Some(item)) => items.push(item.to_owned()),
            (_, Some(item)) => blocks.push(BlockSource::List(vec![item.to_owned()])),
            (Some(BlockSource::Paragraph(text)), None) if continues => {
                text.push(' ');
                text.push_str(line);
            }
            (Some(BlockSource::List(items)), None) if continues => {
                if let Some(last) = items.last_mut() {
                    last.push(' ');
                    last.push_str(line);
                }
            }
            (_, None) => blocks.push(BlockSource::Paragraph(line.to_owned())),
        }
        continues = true;
    }
    blocks
}

/// Splits one paragraph into spans.
fn spans(source: &str) -> Result<Vec<Span>, MarkdownError> {
    let mut spans = Vec::new();
    add_spans(&mut spans, source, &Span::default())?;
    Ok(spans)
}

/// A part of a paragraph.
enum Token<'a> {
    Text(char),
    /// One or more consecutive stars.
    Stars(Stars),
    Link {
        text: &'a str,
        address: &'a str,
    },
}

#[derive(Clone, Copy)]
struct Stars {
    count: usize,
    /// Whether a character that is not white space follows.
    can_open: bool,
    /// Whether a character that is not white space precedes.
    can_close: bool,
}

/// Adds the spans of a text that has the format of `around`.
fn add_spans(spans: &mut Vec<Span>, source: &str, around: &Span) -> Result<(), MarkdownError> {
    let tokens = tokens(source, around.link.is_some())?;
    let pairs = pairs(&tokens);
    let mut format = Span { text: String::new(), ..around.clone() };
    for (token, is_paired) in tokens.into_iter().zip(pairs) {
        match token {
            Token::Stars(Stars { count, .. }) if is_paired => {
                format.emphasis ^= count != 2;
                format.strong ^= count != 1;
            }
            Token::Stars(Stars { count, .. }) => {
                (0..count).for_each(|_| push(spans, '*', &format));
            }
            Token::Text(c) => push(spans, c, &format),
            Token::Link { text, address } => {
                if !is_link_address(address) {
                    return Err(MarkdownError::Address(address.to_owned()));
                }
                if text.trim().is_empty() {
                    return Err(MarkdownError::EmptyLink(address.to_owned()));
                }
                let link = Span { link: Some(address.to_owned()), ..format.clone() };
                add_spans(spans, text, &link)?;
            }
        }
    }
    Ok(())
}

/// Adds a character to the last span, or to a new span if the last one has another format.
fn push(spans: &mut Vec<Span>, c: char, format: &Span) {
    let is_same = |last: &Span| {
        (last.strong, last.emphasis, &last.link) == (format.strong, format.emphasis, &format.link)
    };
    match spans.last_mut() {
        Some(last) if is_same(last) => last.text.push(c),
        _ => spans.push(Span { text: c.into(), ..format.clone() }),
    }
}

fn tokens(source: &str, is_in_link: bool) -> Result<Vec<Token<'_>>, MarkdownError> {
    let mut tokens = Vec::new();
    let mut rest = source;
    let mut before = ' ';
    while let Some(next) = rest.chars().next() {
        let after = rest.get(next.len_utf8()..).unwrap_or_default();
        let following = after.chars().next();
        rest = after;
        match (next, following) {
            ('\\', Some(escaped)) if escaped.is_ascii_punctuation() => {
                tokens.push(Token::Text(escaped));
                rest = after.get(1..).unwrap_or_default();
            }
            ('*', _) => {
                rest = after.trim_start_matches('*');
                let can_open = rest.starts_with(|c: char| !c.is_whitespace());
                let can_close = !before.is_whitespace();
                let count = after.len() - rest.len() + 1;
                tokens.push(Token::Stars(Stars { count, can_open, can_close }));
            }
            ('[', _) if !is_in_link => {
                let (text, address, end) = split_link(after).ok_or(MarkdownError::Bracket('['))?;
                tokens.push(Token::Link { text, address });
                rest = end;
            }
            ('[' | ']', _) => return Err(MarkdownError::Bracket(next)),
            ('{' | '}', _) => return Err(MarkdownError::Brace(next)),
            _ => tokens.push(Token::Text(next)),
        }
        before = next;
    }
    Ok(tokens)
}

/// Returns, for each token, whether it consists of stars that begin or end emphasis. Emphasis ends
/// with as many stars as it begins with, from one to three.
fn pairs(tokens: &[Token<'_>]) -> Vec<bool> {
    let mut pairs = vec![false; tokens.len()];
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let Token::Stars(Stars { count: count @ 1..=3, can_open, can_close }) = *token else {
            continue;
        };
        let opening = open.iter().rposition(|(_, opened)| *opened == count).filter(|_| can_close);
        if let Some(at) = opening {
            let opening = open.get(at).map(|(index, _)| *index);
            for index in opening.into_iter().chain([index]) {
                pairs.get_mut(index).into_iter().for_each(|is_paired| *is_paired = true);
            }
            open.truncate(at);
        } else if can_open {
            open.push((index, count));
        }
    }
    pairs
}

/// Splits `text](address)rest` into the text, the address and the rest. Returns `None` if the
/// source is not in this form. The address can contain pairs of parentheses.
fn split_link(source: &str) -> Option<(&str, &str, &str)> {
    let mut is_escaped = false;
    let end = source.char_indices().find_map(|(at, c)| {
        let is_end = c == ']' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end.then_some(at)
    })?;
    let (text, after) = source.split_at_checked(end)?;
    let after = after.strip_prefix("](")?;
    let mut depth = 1_usize;
    let end = after.char_indices().find_map(|(at, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let (address, rest) = after.split_at_checked(end)?;
    Some((text, address.trim(), rest.strip_prefix(')')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Renders the text as simplified HTML, for comparison.
    fn html(text: &RichText) -> String {
        let span = |span: &Span| {
            let mut html = span.text.clone();
            if span.emphasis {
                html = format!("<em>{html}</em>");
            }
            if span.strong {
                html = format!("<b>{html}</b>");
            }
            match &span.link {
                Some(link) => format!("<a {link}>{html}</a>"),
                None => html,
            }
        };
        let line = |spans: &Vec<Span>| spans.iter().map(span).collect::<String>();
        let blocks = text.blocks().iter().map(|block| match block {
            Block::Paragraph(spans) => format!("<p>{}", line(spans)),
            Block::List { items } => {
                let items: Vec<String> = items.iter().map(&line).collect();
                format!("<li>{}", items.join("<li>"))
            }
        });
        blocks.collect()
    }

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let text = RichText::from_markdown(source).unwrap();
        let html = html(&text);
        assert_eq!(if html.is_empty() { &*text } else { &html }, expected);
    }

    #[track_caller]
    fn rejects(source: &str, expected: MarkdownError) {
        assert_eq!(RichText::from_markdown(source), Err(expected));
    }

    #[test]
    fn reads_emphasis() {
        check("a **b** c", "<p>a <b>b</b> c");
        check("*a* and **b *c* d**", "<p><em>a</em> and <b>b </b><b><em>c</em></b><b> d</b>");
        check("***both***", "<p><b><em>both</em></b>");
    }

    #[test]
    fn keeps_a_star_that_has_no_counterpart() {
        for plain in ["5 * 3", "Name *", "**", "a ** b ** c", "2*3", "a *b", "**a *", "****a****"] {
            check(plain, plain);
        }
    }

    #[test]
    fn reads_links() {
        check("the [policy](/p?a=1#b).", "<p>the <a /p?a=1#b>policy</a>.");
        check(
            "**[a *b*](mailto:x@y.z)**",
            "<p><a mailto:x@y.z><b>a </b></a><a mailto:x@y.z><b><em>b</em></b></a>",
        );
        check("[a](/b_(c))d", "<p><a /b_(c)>a</a>d");
        check(r"\[a\] \*b\* \{c\} \\", r"[a] *b* {c} \");
    }

    #[test]
    fn separates_blocks_by_blank_lines_and_bullets() {
        check("a\nb\n\nc", "<p>a b<p>c");
        check("To do:\n- a\n  more\n- **b**\n\nend", "<p>To do:<li>a more<li><b>b</b><p>end");
        check("one line\nof text", "one line of text");
    }

    #[test]
    fn rejects_brackets_and_braces_without_meaning_and_links_without_text() {
        rejects("[a]", MarkdownError::Bracket('['));
        rejects("a] b", MarkdownError::Bracket(']'));
        rejects("[a [b](/c)](/d)", MarkdownError::Bracket(']'));
        rejects("Hello {first}", MarkdownError::Brace('{'));
        rejects("[](/a)", MarkdownError::EmptyLink("/a".to_owned()));
    }

    #[test]
    fn rejects_addresses_that_links_cannot_have() {
        for address in [
            "htp:example.com",
            "javascript:alert(1)",
            "data:text/html,x",
            "",
            "a b",
            "JaVaScRiPt:x",
        ] {
            let source = format!("[a]({address})");
            rejects(&source, MarkdownError::Address(address.to_owned()));
        }
    }

    #[test]
    fn a_label_is_one_paragraph() {
        let error = RichText::from_markdown_line("a\n\nb").unwrap_err();
        assert_eq!(error, MarkdownError::NotOneParagraph);
        assert_eq!(&*RichText::from_markdown_line("a\nb").unwrap(), "a b");
    }
}
