//! A document with its links and anchors.

use html5gum::{DefaultEmitter, Token, Tokenizer};
use std::{collections::BTreeSet, path::PathBuf};

#[derive(Debug)]
pub(super) struct Document {
    pub(super) path: PathBuf,
    /// The anchors in this document: the values after `#` in links to it.
    pub(super) anchors: BTreeSet<String>,
    /// The addresses in the document's elements, as they are written.
    pub(super) links: Vec<String>,
}

impl Document {
    pub(super) fn from_html(html: &str, path: PathBuf) -> Self {
        let mut document = Self { path, anchors: BTreeSet::new(), links: Vec::new() };
        // Do not look for elements in the text of scripts and styles.
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            let Token::StartTag(tag) = token else { continue };
            let attribute = |name: &str| {
                let value = tag.attributes.get(name.as_bytes())?;
                Some(String::from_utf8_lossy(value).into_owned())
            };
            document.anchors.extend(attribute("id"));
            document.links.extend(attribute("href"));
            document.links.extend(attribute("src"));
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::Document;

    #[test]
    fn finds_links_and_anchors_only_in_elements() {
        let html = "<h2 id=one>1</h2><a href='b.html#two'>b</a><img src=\"a%20b.png\">\
                    <script>'<a href=no id=no>'</script><!-- <a href=no> -->";
        let document = Document::from_html(html, "a.html".into());
        assert_eq!(document.links, ["b.html#two", "a%20b.png"]);
        assert_eq!(document.anchors.into_iter().collect::<Vec<_>>(), ["one"]);
    }
}
