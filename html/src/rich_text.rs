//! Renders a text with links, emphasis and lists. maud escapes the texts and addresses.

use deal_contract::definition::{Block, RichText, Span};
use maud::{Markup, html};

/// The text on one line.
pub fn line(text: &RichText) -> Markup {
    if let [Block::Paragraph(line)] = text.blocks() {
        spans(line)
    } else {
        html! { (text) }
    }
}

/// The paragraphs and lists of the text, in elements of this class.
pub fn blocks(text: &RichText, class: &str) -> Markup {
    if text.blocks().is_empty() {
        return html! { p class=(class) { (text) } };
    }
    html! {
        @for block in text.blocks() {
            @match block {
                Block::Paragraph(line) => p class=(class) { (spans(line)) },
                Block::List { items } => ul class=(class) {
                    @for item in items { li { (spans(item)) } }
                },
            }
        }
    }
}

fn spans(line: &[Span]) -> Markup {
    html! { @for part in line { (span(part)) } }
}

fn span(span: &Span) -> Markup {
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
            html! { a href=(address) target="_blank" rel="noopener" { (text) } }
        }
        Some(address) => html! { a href=(address) { (text) } },
        None => text,
    }
}
