//! Keeps the files of a draft in the browser's database, if the browser has one.

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::File;

use super::KEPT_MILLISECONDS;
use crate::promise::after;

#[wasm_bindgen(module = "/src/draft/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = keep)]
    fn keep_list(draft: &str, files: &Array);

    #[wasm_bindgen(js_name = load)]
    fn load_list(draft: &str, age: u32) -> Promise;
}

#[cfg(feature = "component")]
#[wasm_bindgen(module = "/embed/expire.js")]
extern "C" {
    /// Removes the files of drafts whose tab is closed, and all files that are older than a day.
    pub(crate) fn expire() -> Promise;
}

/// Keeps these files of a draft, and removes its other files.
pub(crate) fn keep<'a>(reference: &str, files: impl Iterator<Item = &'a File>) {
    keep_list(reference, &files.collect());
}

/// Passes the list of the draft's kept files to `then`.
pub(crate) fn load(reference: &str, then: impl FnOnce(JsValue) + 'static) {
    after(load_list(reference, KEPT_MILLISECONDS), |kept| then(kept.unwrap_or_default()));
}
