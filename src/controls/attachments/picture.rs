//! Makes thumbnails and converts pictures in the browser, with `picture.js`.

use std::rc::Rc;

use deal_contract::attachments::FOLDER;
use deal_contract::normalize::file_name;
use js_sys::{Array, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::{Element, File};

use crate::browser::whole_number;
use crate::promise::after;
use crate::state::Attachment;

#[wasm_bindgen(module = "/src/controls/attachments/picture.js")]
extern "C" {
    /// Draws a small version of the picture on the canvas, and then shows the canvas.
    pub(super) fn thumbnail(file: &File, canvas: &Element);

    /// Returns whether the file was converted from another picture format.
    #[wasm_bindgen(js_name = wasConverted)]
    pub(super) fn was_converted(file: &File) -> bool;

    fn ready(from: &JsValue, folder: &str) -> Promise;
}

/// Passes the files of a file input, a drop or a paste to `then`. Pictures that the CRM would drop
/// are converted to JPEG if the browser can read them.
pub(crate) fn ready_files(from: &JsValue, then: impl FnOnce(Vec<Attachment>) + 'static) {
    after(ready(from, FOLDER), |files| then(attachments(&files.unwrap_or_default())));
}

/// Returns the attachments for a list of `File` objects.
pub(crate) fn attachments(files: &JsValue) -> Vec<Attachment> {
    Array::from(files).iter().map(attachment).collect()
}

fn attachment(file: JsValue) -> Attachment {
    let file: File = file.unchecked_into();
    Attachment {
        name: file_name(&file.name()),
        media_type: file.type_(),
        bytes: whole_number(file.size()),
        last_modified: whole_number(file.last_modified()),
        file: Rc::new(file),
    }
}
