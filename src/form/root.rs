use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

use crate::controls::{Announcer, append};

/// The outermost element of a form, with the live region that stays while its other content changes.
#[derive(Debug, Clone)]
pub(super) struct Root {
    pub(super) element: Element,
    pub(super) announcer: Announcer,
}

impl Root {
    /// Puts a live region into the element.
    pub(super) fn new(document: &Document, element: &Element) -> Self {
        Self { element: element.clone(), announcer: Announcer::new(document, element) }
    }

    /// Removes everything but the live region, which becomes empty.
    pub(super) fn clear(&self) {
        self.announcer.clear();
        while let Some(last) = self.element.last_child().filter(|last| !self.announcer.is(last)) {
            // Fails only for a node that is not a child.
            let _ = self.element.remove_child(&last);
        }
    }

    /// Replaces the content, and moves the focus to the new content if the focus is in the old one.
    /// Returns whether the content has the focus now.
    pub(super) fn replace(&self, content: &Element) -> bool {
        let had_focus = self.has_focus();
        self.clear();
        append(&self.element, &[content]);
        if had_focus {
            focus(content);
        }
        had_focus
    }

    /// Moves the focus to the first question.
    pub(super) fn focus_first(&self) {
        if let Ok(Some(first)) = self.element.query_selector("[name]") {
            focus(&first);
        }
    }

    pub(super) fn has_focus(&self) -> bool {
        self.element.matches(":focus-within").unwrap_or_default()
    }
}

fn focus(element: &Element) {
    // Fails only for an element that cannot take the focus.
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}
