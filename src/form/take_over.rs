//! What a visitor entered in the plain form that this one replaces.

use deal_contract::attachments;
use deal_contract::definition::FieldKind;
use deal_contract::reference::{self, Reference};
use wasm_bindgen::JsCast;
use web_sys::{File, FormData};

use crate::state::FormState;

/// Takes over texts, files, and the draft's reference.
pub(super) fn take_over(state: &FormState, entered: &FormData) {
    let text = |name: &str| entered.get(name).as_string().filter(|text| !text.is_empty());
    if let Some(reference) = text(reference::PARAMETER)
        && reference.parse::<Reference>().is_ok()
    {
        state.reference.set(reference);
    }
    for field in &state.fields {
        if field.question().kind == FieldKind::Attachments {
            let files = entered.get_all(attachments::PART);
            let files = files.iter().filter_map(|file| file.dyn_into::<File>().ok());
            // An empty file input counts as one file without a name.
            let mut files = files.filter(|file| !file.name().is_empty()).peekable();
            if files.peek().is_some() {
                field.add_files(files);
            }
        } else if let Some(text) = text(&field.question().parameter) {
            // A ticked box without a value of its own is sent as `on`.
            let ticked = field.question().kind == FieldKind::Flag && text == "on";
            field.write(if ticked { field.question().yes().to_string() } else { text });
        }
    }
}
