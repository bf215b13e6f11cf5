//! Adopts what the visitor has entered in the fallback: the plain form that this one replaces.

use deal_contract::attachments;
use deal_contract::definition::FieldKind;
use deal_contract::reference::{self, Reference};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, File, FormData, HtmlFormElement};

use crate::json::object;
use crate::state::{Field, FormState};

/// Adopts texts, files, and the draft's reference, and resets the plain form: a browser that restores
/// the page also restores what was entered there.
///
/// What a plain form shows by itself, such as the first entry of a list, is no answer that replaces
/// one: beside an earlier draft, or where the page has written one, only what was changed counts.
///
/// Returns the file input, with the index of the question that it answers.
pub(super) fn adopt_fallback(
    state: &FormState,
    plain: &HtmlFormElement,
    beside_draft: bool,
) -> Option<(usize, JsValue)> {
    let entered = FormData::new_with_form(plain).ok()?;
    plain.reset();
    let untouched = FormData::new_with_form(plain).ok()?;
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
    let mut brought = None;
    for (index, field) in state.fields.iter().enumerate() {
        if field.question().takes_files() {
            let files = entered.get_all(attachments::PART).into_iter();
            // An empty file input counts as one file without a name.
            let is_chosen =
                |file: &JsValue| file.dyn_ref::<File>().is_some_and(|file| !file.name().is_empty());
            let files: Array = files.filter(is_chosen).collect();
            brought = Some((index, object([("files", files.into())])));
        } else if let Some(text) = text(field) {
            // A ticked box without a value of its own is sent as `on`.
            field.write(match &field.question().kind {
                FieldKind::Flag { yes, .. } if text == "on" => yes.to_string(),
                _ => text,
            });
        }
    }
    brought
}
