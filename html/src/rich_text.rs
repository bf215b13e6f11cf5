//! Renders a text with links, emphasis and lists. maud escapes the texts and addresses.

use deal_contract::definition::{Block, RichText, Span};
use deal_contract::messages::MessageKey;
use maud::{Markup, html};

use crate::Localizer;

/// Renders a text that is one paragraph. Renders any other text without its markup.
pub fn line(text: &RichText, localizer: &Localizer) -> Markup {
    if let [Block::Paragraph(line)] = text.blocks() {
        spans(line, localizer)
    } else {
        html! { (text) }
    }
}

/// Renders the paragraphs and lists of the text, in an element of this class. A single paragraph
/// needs no `p` element.
pub fn blocks(text: &RichText, class: &str, localizer: &Localizer) -> Markup {
    html! {
        div class=(class) dir="auto" {
            @match text.blocks() {
                [] => (text),
                [Block::Paragraph(line)] => (spans(line, localizer)),
                blocks => @for block in blocks { (self::block(block, localizer)) },
            }
        }
    }
}

fn block(block: &Block, localizer: &Localizer) -> Markup {
    match block {
        Block::Paragraph(line) => html! { p { (spans(line, localizer)) } },
        Block::List { items } => html! {
            ul { @for item in items { li { (spans(item, localizer)) } } }
        },
    }
}

fn spans(line: &[Span], localizer: &Localizer) -> Markup {
    html! { @for part in line { (span(part, localizer)) } }
}

fn span(span: &Span, localizer: &Localizer) -> Markup {
    let text = html! { (span.text) };
    let text = if span.emphasis {
        html! { em { (text) } }
    } else {
        text
    };
    let text = if span.strong {
        html! { strong { (text) } }
    } else {
        text
    };
    match &span.link {
        // In the same tab, the visitor would leave the form.
        Some(address) if span.opens_page() => {
            html! { a.df-link href=(address) target="_blank" rel="noopener" {
                (text) span.df-unseen { (localizer.say(MessageKey::NewTab)) }
            } }
        }
        Some(address) => html! { a.df-link href=(address) { (text) } },
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use deal_contract::definition::PublicDefinition;
    use proptest::prelude::*;

    use super::*;

    /// Everything that can follow `<`.
    const TAGS: [&str; 18] = [
        "div class=\"t\" dir=\"auto\">",
        "/div>",
        "span class=\"df-unseen\">",
        "/span>",
        "p>",
        "/p>",
        "ul>",
        "/ul>",
        "li>",
        "/li>",
        "strong>",
        "/strong>",
        "em>",
        "/em>",
        "/a>",
        "a class=\"df-link\" href=\"https://example.com/",
        "a class=\"df-link\" href=\"/",
        "a class=\"df-link\" href=\"mailto:",
    ];

    /// Generates texts from pieces that have a meaning in Markdown or HTML.
    fn source() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "*",
            "**",
            "***",
            "[",
            "]",
            "(",
            ")",
            "](",
            "\\",
            "- ",
            "\n",
            "\n\n",
            "a",
            " ",
            "\"",
            "<b>",
            "</p>",
            "<script>",
            "&lt;",
            "/p",
            "https://example.com/",
            "mailto:a@b.c",
            "javascript:x",
            "[a](/b)",
            "[<i>](https://example.com/\">)",
        ]);
        prop::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn an_author_cannot_inject_html(source in source()) {
            let Ok(text) = RichText::from_markdown(&source) else { return Ok(()) };
            let html = blocks(&text, "t", &Localizer::of(&PublicDefinition::new("F", Vec::new()))).into_string();
            for rest in html.split('<').skip(1) {
                prop_assert!(TAGS.iter().any(|tag| rest.starts_with(tag)), "{source:?}: {html}");
            }
            // Without the tags and the notices about new tabs, the HTML contains the plain text.
            let shown: String =
                html.split('<').map(|rest| rest.split_once('>').map_or(rest, |(_, text)| text)).collect();
            let escaped = html! { (&*text) }.into_string();
            let letters = |text: &str| text.replace(['\n', '–', ' '], "");
            let shown = letters(&shown).replace("(opensinanewtab)", "");
            prop_assert_eq!(shown, letters(&escaped));
        }
    }
}
