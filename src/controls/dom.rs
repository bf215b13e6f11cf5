//! Creates and changes elements.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, EventTarget};

/// Creates an element with this text. `kind` is the tag and the constant attributes, such as
/// `span;class=df-name;dir=auto`. `kind` is one string instead of an array, because the code that
/// fills an array on the stack is larger than its content.
pub(crate) fn make(document: &Document, kind: &str, text: &str) -> Element {
    let mut parts = kind.split(';');
    #[expect(
        clippy::expect_used,
        reason = "fails only for an invalid tag name, and ours are constants"
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

/// Sets an attribute, or removes it if the value is empty.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    // Both fail only for an invalid attribute name.
    let _ = if value.is_empty() {
        element.remove_attribute(name)
    } else {
        element.set_attribute(name, value)
    };
}

/// Shows or hides an element.
pub(crate) fn set_visible(element: &Element, visible: bool) {
    set(element, "hidden", if visible { "" } else { "hidden" });
}

/// Appends the children in this order.
pub(crate) fn append(parent: &Element, children: &[&Element]) {
    for child in children {
        // Fails only if a node would contain itself.
        let _ = parent.append_child(child);
    }
}

/// Returns the closest element that has the attribute, from an event's target upwards, and the
/// attribute's value.
pub(crate) fn closest(target: Option<EventTarget>, attribute: &str) -> Option<(Element, String)> {
    let target = target?.dyn_into::<Element>().ok()?;
    let element = target.closest(&format!("[{attribute}]")).ok()??;
    let value = element.get_attribute(attribute)?;
    Some((element, value))
}
