//! Announces changes of the form to visitors with screen readers.

use web_sys::{Document, Element, Node};

use super::dom::{append, make};

/// The only live region of a form. It is polite: a screen reader announces each sentence once, after
/// it has finished its current sentence. Clones share the region.
#[derive(Debug, Clone)]
pub(crate) struct Announcer(Element);

impl Announcer {
    /// Creates the region at the beginning of `root`. Screen readers announce only changes of a region
    /// that is already on the page.
    pub(crate) fn new(document: &Document, root: &Element) -> Self {
        // Not `role=status`, which announces the whole region again after each change.
        let region = make(document, "div;class=df-unseen;aria-live=polite", "");
        // Fails only if a node would contain itself.
        let _ = root.prepend_with_node_1(&region);
        Self(region)
    }

    /// Announces a sentence.
    pub(crate) fn say(&self, sentence: &str) {
        let Some(document) = self.0.owner_document().filter(|_| !sentence.is_empty()) else {
            return;
        };
        // Keep the last sentence, because two may come at once. Remove older ones, so that visitors do
        // not find them below the form.
        while self.0.child_element_count() > 1
            && let Some(oldest) = self.0.first_element_child()
        {
            oldest.remove();
        }
        append(&self.0, &[&make(&document, "p", sentence)]);
    }

    /// Removes all sentences, so that visitors do not find outdated ones when they read the page.
    pub(crate) fn clear(&self) {
        self.0.set_text_content(None);
    }

    /// Returns whether the node is the region.
    pub(crate) fn is(&self, node: &Node) -> bool {
        node == self.0.as_ref()
    }
}
