//! Renders a text with links, emphasis and lists.

use deal_contract::definition::{Block, RichText, Span};
use deal_contract::messages::MessageKey;
use web_sys::{Document, Element};

use super::dom::{append, make, set};
use crate::locale::Locale;

/// Replaces the content of an element with the text. A single paragraph needs no `p` element.
pub(crate) fn fill(element: &Element, text: &RichText, locale: &Locale) {
    if text.blocks().is_empty() {
        return element.set_text_content(Some(text));
    }
    element.set_text_content(None);
    let Some(document) = element.owner_document() else { return };
    let add = |parent: &Element, tag: &str| {
        let child = make(&document, tag, "");
        append(parent, &[&child]);
        child
    };
    for block in text.blocks() {
        match block {
            Block::Paragraph(spans) if text.blocks().len() == 1 => {
                fill_spans(&document, element, spans, locale);
            }
            Block::Paragraph(spans) => {
                let paragraph = add(element, "p");
                fill_spans(&document, &paragraph, spans, locale);
            }
            Block::List { items } => {
                let list = add(element, "ul");
                for spans in items {
                    let item = add(&list, "li");
                    fill_spans(&document, &item, spans, locale);
                }
            }
        }
    }
}

fn fill_spans(document: &Document, parent: &Element, spans: &[Span], locale: &Locale) {
    for span in spans {
        fill_span(document, parent, span, locale);
    }
}

fn fill_span(document: &Document, parent: &Element, span: &Span, locale: &Locale) {
    let mut parent = parent.clone();
    let mut nest = |tag: &str| {
        let child = make(document, tag, "");
        append(&parent, &[&child]);
        parent = child.clone();
        child
    };
    let tags = [(span.strong, "strong"), (span.emphasis, "em")];
    let link = span.link.as_ref().map(|address| {
        let link = nest("a;class=df-link");
        set(&link, "href", address);
        link
    });
    tags.iter().filter(|(is_used, _)| *is_used).for_each(|(_, tag)| drop(nest(tag)));
    nest("span").set_text_content(Some(&span.text));
    if let Some(link) = link.filter(|_| span.opens_page()) {
        // In the same tab, the visitor would leave the form.
        set(&link, "target", "_blank");
        set(&link, "rel", "noopener");
        let hint = locale.say(MessageKey::NewTab);
        append(&link, &[&make(document, "span;class=df-unseen", &hint)]);
    }
}
