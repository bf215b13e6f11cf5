//! The summary of all problems, with links to their fields, as in the error summary of the GOV.UK
//! Design System.

use web_sys::{Document, Element};

use crate::clock::today;
use crate::controls::{append, make, set};
use crate::state::FormState;

/// The attribute of a link with the index of its field.
pub(super) const GO_TO: &str = "data-df-go-to";

/// Returns all messages for the questions that are asked, up to the current step, with the index of
/// each field. Within an effect, this tracks all answers.
pub(super) fn problems(state: &FormState) -> Vec<(usize, String)> {
    let (current, today) = (state.position().step, today());
    let fields = state.fields.iter().zip(state.question_states()).enumerate();
    fields
        .filter(|(index, (_, now))| now.is_shown() && state.steps.of_field(*index) <= current)
        .flat_map(|(index, (field, now))| {
            field.messages(now, &state.locale, today).all().map(move |message| (index, message))
        })
        .collect()
}

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
