//! The summary of all problems, with links to their fields, as in the error summary of the GOV.UK
//! Design System.

use web_sys::{Document, Element};

use crate::controls::{append, make, set};

/// The attribute of a link with the index of its field.
pub(super) const GO_TO: &str = "data-df-go-to";

/// Replaces the content of the list.
pub(super) fn fill(document: &Document, list: &Element, problems: &[(usize, String)]) {
    list.set_text_content(None);
    for (index, message) in problems {
        let item = make(document, "li", "");
        let link = make(document, "a;href=#", message);
        set(&link, GO_TO, &index.to_string());
        append(&item, &[&link]);
        append(list, &[&item]);
    }
}
