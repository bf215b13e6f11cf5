//! What only the browser can do with files: draw pictures and convert them, in `picture.js`.

use std::rc::Rc;

use deal_contract::attachments::FOLDER;
use deal_contract::normalize::file_name;
use js_sys::{Array, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::{Element, File};

use crate::browser::bytes;
use crate::promise::after;
use crate::state::Attachment;

#[wasm_bindgen(module = "/src/controls/attachments/picture.js")]
extern "C" {
    /// Draws the picture small on a canvas, and shows the canvas once that is done.
    pub(super) fn thumbnail(file: &File, canvas: &Element);

    /// Whether the file was a picture of another kind.
    #[wasm_bindgen(js_name = wasConverted)]
    pub(super) fn was_converted(file: &File) -> bool;

    fn ready(from: &JsValue, folder: &str) -> Promise;
}

/// Gives the files of a chooser, a drop or a paste as they can be sent: pictures that the CRM would
/// drop as JPEG, where the browser can read them.
pub(crate) fn ready_files(from: &JsValue, then: impl FnOnce(Vec<Attachment>) + 'static) {
    after(ready(from, FOLDER), |files| then(attachments(&files.unwrap_or_default())));
}

/// The attachments for a list of `File` objects.
pub(crate) fn attachments(files: &JsValue) -> Vec<Attachment> {
    Array::from(files).iter().map(attachment).collect()
}

fn attachment(file: JsValue) -> Attachment {
    let file: File = file.unchecked_into();
    Attachment {
        name: file_name(&file.name()),
        media_type: file.type_(),
        bytes: bytes(file.size()),
        last_modified: bytes(file.last_modified()),
        file: Rc::new(file),
    }
}
