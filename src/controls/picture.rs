//! What the browser alone can do with files: draw pictures, convert them, see whether a file can be
//! read. `picture.js` asks it.

use deal_contract::attachments::FOLDER;
use js_sys::{Array, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::{Element, File};

use crate::promise::after;

#[wasm_bindgen(module = "/src/controls/picture.js")]
extern "C" {
    /// Draws the picture small on a canvas, and shows the canvas once that is done.
    pub(super) fn thumbnail(file: &File, canvas: &Element);

    /// Whether the file was a picture of another kind.
    #[wasm_bindgen(js_name = wasConverted)]
    pub(super) fn was_converted(file: &File) -> bool;

    fn ready(from: &JsValue, folder: &str) -> Promise;

    fn unreadable(files: &Array, late: bool) -> Promise;
}

/// Gives the files of a chooser, a drop or a paste as they can be sent: pictures that the CRM would
/// drop as JPEG, where the browser can read them.
pub(crate) fn ready_files(from: &JsValue, then: impl FnOnce(Vec<File>) + 'static) {
    after(ready(from, FOLDER), |files| {
        let files = Array::from(&files.unwrap_or_default());
        then(files.iter().map(JsCast::unchecked_into).collect());
    });
}

/// Gives the names of those files that the browser cannot read any more; where `late`, also of those
/// that do not come within some seconds.
pub(crate) fn unreadable_names(files: &Array, late: bool, then: impl FnOnce(Array) + 'static) {
    after(unreadable(files, late), |names| then(Array::from(&names.unwrap_or_default())));
}
