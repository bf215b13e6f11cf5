//! All problems in one place, each a link to its field. After the GOV.UK Design System's error
//! summary.

use web_sys::{Document, Element};

use crate::clock::today;
use crate::controls::{append, make, set};
use crate::state::FormState;

/// The attribute of a link that carries the index of its field.
pub(super) const GO_TO: &str = "data-df-go-to";

/// Each sentence that is shown at a field that is asked, up to the step where the visitor is, with
/// the field's index. Reads every answer, and so follows them within an effect.
pub(super) fn problems(state: &FormState) -> Vec<(usize, String)> {
    let (asked, today) = (state.asked(), today());
    let here = state.steps.place(&asked).step;
    let fields = state.fields.iter().zip(asked).enumerate();
    fields
        .filter(|(index, (_, asked))| *asked && state.steps.of_field(*index) <= here)
        .flat_map(|(index, (field, _))| {
            field.messages(&state.locale, today).all().map(move |message| (index, message))
        })
        .collect()
}

/// Writes the list anew.
pub(super) fn fill(document: &Document, list: &Element, problems: &[(usize, String)]) {
    list.set_text_content(None);
    for (index, said) in problems {
        let item = make(document, "li", "");
        let link = make(document, "a;href=#", said);
        set(&link, GO_TO, &index.to_string());
        append(&item, &[&link]);
        append(list, &[&item]);
    }
}
