//! Adopts the answers in the fallback, the plain form that the widget replaces.

use deal_contract::attachments;
use deal_contract::definition::FieldKind;
use deal_contract::normalize::{self, DateNotation, add_value};
use deal_contract::reference::{self, Reference};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, File, FormData, HtmlFormElement};

use crate::browser::document;
use crate::json::object;
use crate::state::{Field, FormState};

/// The parts of the plain form that are adopted only when the form is on the page.
#[derive(Debug, Default)]
pub(super) struct Adopted {
    /// The chosen files, with the index of their question.
    pub(super) files: Option<(usize, JsValue)>,
    /// The index of the question whose answer the visitor is typing.
    pub(super) typing_in: Option<usize>,
}

/// Adopts answers, files, and the draft's reference. Resets the plain form: otherwise, a browser
/// that restores the page would also restore the old answers in the plain form.
///
/// If the field has an answer already, or if there is a kept draft, a value is adopted only if the
/// visitor has changed it: a default of the plain form, such as the first option of a select, is
/// not an answer.
/// Returns `None` if the browser cannot read the plain form.
pub(super) fn adopt_fallback(
    state: &FormState,
    plain: &HtmlFormElement,
    has_draft: bool,
) -> Option<Adopted> {
    let entered = FormData::new_with_form(plain).ok()?;
    // `:focus` matches nothing in WebKit while the window is in the background.
    let focused = document().active_element().filter(|active| plain.contains(Some(active)));
    let focused = focused.and_then(|control| control.get_attribute("name"));
    plain.reset();
    let defaults = FormData::new_with_form(plain).ok()?;
    let text = |field: &Field| {
        let now = value(&entered, field).unwrap_or_default();
        let is_first = !has_draft && field.is_empty() && !now.is_empty();
        // A default that the visitor has removed must not come back.
        let is_changed = || value(&defaults, field).unwrap_or_default() != now;
        (is_first || is_changed()).then_some(now)
    };
    if let Some(reference) = entered.get(reference::PARAMETER).as_string()
        && reference.parse::<Reference>().is_ok()
    {
        state.adopt_reference(reference);
        // The reference is for one draft: a form that is added to this page later needs another
        // reference.
        let input = plain.query_selector(&format!("[name={}]", reference::PARAMETER));
        input.ok().flatten().iter().for_each(Element::remove);
    }
    let mut adopted = Adopted::default();
    let dates = dates(plain);
    for (index, field) in state.fields.iter().enumerate() {
        if field.question().takes_files() {
            let files = entered.get_all(attachments::PART).into_iter();
            // `FormData` has one file without a name for an empty file input.
            let is_chosen =
                |file: &JsValue| file.dyn_ref::<File>().is_some_and(|file| !file.name().is_empty());
            let files: Array = files.filter(is_chosen).collect();
            adopted.files = Some((index, object([("files", files.into())])));
        } else if let Some(text) = text(field) {
            // A ticked checkbox without a `value` attribute is sent as `on`.
            field.write(match &field.question().kind {
                FieldKind::Flag { yes, .. } if text == "on" => yes.to_string(),
                FieldKind::Flag { yes, .. } if text.is_empty() => yes.other().to_string(),
                FieldKind::Date { .. } => normalize::date(&text, dates),
                _ => text,
            });
        }
        if focused.as_ref() == Some(&field.question().parameter) {
            adopted.typing_in = Some(index);
        }
    }
    Some(adopted)
}

/// Returns the notation in which visitors type dates into the plain form. The widget may have another
/// language.
fn dates(plain: &HtmlFormElement) -> DateNotation {
    let lang = plain.closest("[lang]").ok().flatten();
    DateNotation::of(&lang.and_then(|element| element.get_attribute("lang")).unwrap_or_default())
}

/// Returns the plain form's answer to a question, or `None` if it has none. Several values for one
/// question are joined.
fn value(data: &FormData, field: &Field) -> Option<String> {
    let question = field.question();
    let values =
        data.get_all(&question.parameter).into_iter().filter_map(|value| value.as_string());
    let mut answer: Option<String> = None;
    for value in values {
        match &mut answer {
            Some(answer) => add_value(&question.kind, answer, &value),
            None => answer = Some(value),
        }
    }
    answer
}
