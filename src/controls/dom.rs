//! Making elements.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, EventTarget};

/// A new element with this text. `kind` is the tag and the attributes that are always the same,
/// such as `span;class=df-name;dir=auto`: one text in the place of an array of texts, because the
/// code that fills an array on the stack weighs more than what it fills in.
pub(crate) fn make(document: &Document, kind: &str, text: &str) -> Element {
    let mut parts = kind.split(';');
    #[expect(
        clippy::expect_used,
        reason = "fails for impossible tag names only, and ours are fixed"
    )]
    let element = document.create_element(parts.next().unwrap_or_default()).expect("a tag's name");
    for (name, value) in parts.filter_map(|part| part.split_once('=')) {
        set(&element, name, value);
    }
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    element
}

/// Sets an attribute, or removes it where the value is empty.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    // Both fail for impossible attribute names only.
    let _ = if value.is_empty() {
        element.remove_attribute(name)
    } else {
        element.set_attribute(name, value)
    };
}

/// Shows or hides.
pub(crate) fn show(element: &Element, shown: bool) {
    set(element, "hidden", if shown { "" } else { "hidden" });
}

/// Adds children in their order.
pub(crate) fn append(parent: &Element, children: &[&Element]) {
    for child in children {
        // Fails only where a node would contain itself.
        let _ = parent.append_child(child);
    }
}

/// The nearest element around an event's target that has the attribute, and its value.
pub(crate) fn closest(target: Option<EventTarget>, attribute: &str) -> Option<(Element, String)> {
    let target = target?.dyn_into::<Element>().ok()?;
    let element = target.closest(&format!("[{attribute}]")).ok()??;
    let value = element.get_attribute(attribute)?;
    Some((element, value))
}
