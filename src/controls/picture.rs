//! Pictures among the files. The work is the browser's; `picture.js` asks it.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, File};

use crate::promise::after;

#[wasm_bindgen(module = "/src/controls/picture.js")]
extern "C" {
    /// Draws the picture small on a canvas, and shows the canvas once that is done.
    pub(super) fn thumbnail(file: &File, canvas: &Element);

    fn jpeg(file: &File) -> Promise;
}

/// Gives the file, as JPEG if it is a picture that the CRM would drop and the browser can read:
/// what is pasted is nearly always a PNG, which nobody chose.
pub(crate) fn as_jpeg(file: File, then: impl FnOnce(File) + 'static) {
    if file.type_() != "image/png" {
        return then(file);
    }
    after(jpeg(&file), |converted| {
        then(converted.ok().and_then(|converted| converted.dyn_into().ok()).unwrap_or(file));
    });
}
