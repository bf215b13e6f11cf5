use std::fmt::{self, Display, Formatter};
use std::ops::Deref;

use serde::Serialize;

use crate::json::Json;

/// A text from the form's author, with or without links, emphasis and lists.
///
/// A `RichText` dereferences to its plain text, for places that cannot show markup, such as the
/// sentence about a problem. With the feature `author`, outside of browsers,
/// `RichText::from_markdown` reads the subset of Markdown that form files use.
///
/// ```
/// use deal_contract::definition::{Block, RichText, Span};
///
/// let link = Span { link: Some("/privacy".to_owned()), ..Span::new("privacy policy") };
/// let spans = vec![Span::new("I agree to the "), link];
/// let label = RichText::from_blocks(vec![Block::Paragraph(spans)]);
/// assert_eq!(&*label, "I agree to the privacy policy");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RichText {
    plain: String,
    /// Empty if the text has no markup.
    blocks: Vec<Block>,
}

/// A paragraph or a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list with bullets.
    List {
        /// The items.
        items: Vec<Vec<Span>>,
    },
}

/// A part of a text with one format.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The text.
    pub text: String,
    /// Whether the text is important (`<strong>`).
    #[serde(skip_serializing_if = "is_false")]
    pub strong: bool,
    /// Whether the text is stressed (`<em>`).
    #[serde(skip_serializing_if = "is_false")]
    pub emphasis: bool,
    /// The address of a link. [`is_link_address`] must allow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl RichText {
    /// Creates a text from these blocks.
    pub fn from_blocks(blocks: Vec<Block>) -> Self {
        let plain = plain(&blocks);
        let has_markup = match &blocks[..] {
            [] => false,
            [Block::Paragraph(spans)] => spans.iter().any(Span::has_markup),
            _ => true,
        };
        Self { plain, blocks: if has_markup { blocks } else { Vec::new() } }
    }

    /// Returns the paragraphs and lists. Empty if the text has no markup.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Reads a text and its markup, which are two members of an object. An older page or proxy only
    /// supports the text.
    pub(super) fn read(json: &impl Json, name: &str, markup: &str) -> Option<Self> {
        let plain = json.member_text(name)?;
        let blocks = json.member(markup).and_then(|blocks| blocks.items()).unwrap_or_default();
        Some(Self { plain, blocks: blocks.iter().map(block).collect() })
    }
}

fn block(json: &impl Json) -> Block {
    match json.member("items").and_then(|items| items.items()) {
        Some(items) => Block::List { items: items.iter().map(spans).collect() },
        None => Block::Paragraph(spans(json)),
    }
}

fn spans<J: Json>(json: &J) -> Vec<Span> {
    let flag = |span: &J, name| span.member(name).and_then(|flag| flag.boolean()) == Some(true);
    let spans = json.items().unwrap_or_default();
    let spans = spans.iter().map(|span| Span {
        text: span.member_text("text").unwrap_or_default(),
        strong: flag(span, "strong"),
        emphasis: flag(span, "emphasis"),
        link: span.member_text("link").filter(|address| is_link_address(address)),
    });
    spans.collect()
}

impl Span {
    /// Creates a span without a format.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// Returns whether the span links to a page instead of a program for email or calls.
    pub fn opens_page(&self) -> bool {
        let is_program = |address: &str| {
            let scheme = address.split(':').next().unwrap_or_default();
            scheme.eq_ignore_ascii_case("mailto") || scheme.eq_ignore_ascii_case("tel")
        };
        self.link.as_deref().is_some_and(|address| !is_program(address))
    }

    fn has_markup(&self) -> bool {
        self.strong || self.emphasis || self.link.is_some()
    }
}

/// Returns whether a link can have this address: a relative address, or one with the scheme `http`,
/// `https`, `mailto` or `tel`. The address must not contain white space, control characters or
/// backslashes, because browsers remove or rewrite them.
///
/// ```
/// use deal_contract::definition::is_link_address;
///
/// assert!(is_link_address("https://example.com/privacy"));
/// assert!(is_link_address("/privacy?lang=de"));
/// assert!(!is_link_address("javascript:alert(1)"));
/// assert!(!is_link_address("java\tscript:alert(1)"));
/// ```
pub fn is_link_address(address: &str) -> bool {
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    if address.is_empty() || address.contains(is_odd) {
        return false;
    }
    let before_path = address.split(['/', '?', '#']).next().unwrap_or_default();
    before_path.split_once(':').is_none_or(|(scheme, _)| {
        ["http", "https", "mailto", "tel"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    })
}

/// Returns the text without markup, with one line for each paragraph and each list item.
fn plain(blocks: &[Block]) -> String {
    let mut plain = String::new();
    let mut line = |bullet: &str, spans: &[Span]| {
        plain.push_str(if plain.is_empty() { "" } else { "\n" });
        plain.push_str(bullet);
        for span in spans {
            plain.push_str(&span.text);
        }
    };
    for block in blocks {
        match block {
            Block::Paragraph(spans) => line("", spans),
            Block::List { items } => items.iter().for_each(|item| line("– ", item)),
        }
    }
    plain
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Deref for RichText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.plain
    }
}

/// Writes the text without markup.
impl Display for RichText {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain)
    }
}

/// Creates a text without markup.
impl From<String> for RichText {
    fn from(plain: String) -> Self {
        Self { plain, blocks: Vec::new() }
    }
}

/// Creates a text without markup.
impl From<&str> for RichText {
    fn from(plain: &str) -> Self {
        plain.to_owned().into()
    }
}
