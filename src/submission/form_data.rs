//! Builds the multipart/form-data body of a submission.

use deal_contract::protocol::field;
use wasm_bindgen::JsValue;
use web_sys::FormData;

use super::hidden;
use crate::state::FormState;

/// Builds the body. Text comes before files, so that the proxy can refuse invalid text before it
/// reads megabytes. Files are added as handles: the browser reads the bytes when it sends them.
pub(super) fn build(state: &FormState, proof: &[(String, String)]) -> Result<FormData, JsValue> {
    let form = FormData::new()?;
    let reference = state.reference();
    if !reference.is_empty() {
        form.append_with_str(field::REFERENCE, &reference)?;
        form.append_with_str(field::REVISION, &state.revision())?;
    }
    for (name, value) in state.texts().into_iter().chain(hidden::values(state)) {
        form.append_with_str(name, &value)?;
    }
    if let Some(captcha) = state.page_value(field::CAPTCHA) {
        form.append_with_str(field::CAPTCHA, &captcha)?;
    }
    for (name, value) in proof {
        form.append_with_str(name, value)?;
    }
    for field in state.asked_fields() {
        field.with_files(|files| {
            files.iter().try_for_each(|attachment| {
                let (file, name) = (&attachment.file, &attachment.name);
                form.append_with_blob_and_filename(field::FILES, file, name)
            })
        })?;
    }
    Ok(form)
}
