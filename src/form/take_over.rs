//! What a visitor entered in the plain form that this one replaces.

use deal_contract::attachments;
use deal_contract::definition::FieldKind;
use deal_contract::reference::{self, Reference};
use wasm_bindgen::JsCast;
use web_sys::{Element, File, FormData, HtmlFormElement};

use crate::state::{Field, FormState};

/// Takes over texts, files, and the draft's reference, and leaves the plain form as it was when the
/// page came: a browser that brings a page back also brings back what stood in it.
///
/// What a plain form shows by itself, such as the first entry of a list, is no answer that replaces
/// one: beside an earlier draft, or where the page has written one, only what was changed counts.
pub(super) fn take_over(state: &FormState, plain: &HtmlFormElement, beside_draft: bool) {
    let Ok(entered) = FormData::new_with_form(plain) else { return };
    plain.reset();
    let Ok(untouched) = FormData::new_with_form(plain) else { return };
    let text = |field: &Field| {
        let name = &field.question().parameter;
        let now = entered.get(name).as_string().filter(|text| !text.is_empty())?;
        let free = !beside_draft && field.is_empty();
        (free || untouched.get(name).as_string().as_ref() != Some(&now)).then_some(now)
    };
    if let Some(reference) = entered.get(reference::PARAMETER).as_string()
        && reference.parse::<Reference>().is_ok()
    {
        state.adopt_reference(reference);
        // For one draft only: a form that is opened anew on this page is another one.
        let input = plain.query_selector(&format!("[name={}]", reference::PARAMETER));
        input.ok().flatten().iter().for_each(Element::remove);
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
        } else if let Some(text) = text(field) {
            // A ticked box without a value of its own is sent as `on`.
            let ticked = field.question().kind == FieldKind::Flag && text == "on";
            field.write(if ticked { field.question().yes().to_string() } else { text });
        }
    }
}
