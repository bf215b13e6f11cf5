//! Fetching JSON: a form's public definition, a language's catalog, the
//! standing of a submission.
//!
//! By the browser's own `fetch`: gloo-net around it made a form 2 kB heavier.

use js_sys::{Error, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::json::JsJson;
use crate::promise::after;

#[wasm_bindgen(module = "/src/transport/get.js")]
extern "C" {
    /// Without a limit for 0 milliseconds.
    #[wasm_bindgen(js_name = get)]
    fn promise(address: &str, milliseconds: u32, asked: &JsValue) -> Promise;
}

/// Fetches the JSON at that address; `then` gets it, or a sentence for developers.
pub(crate) fn get(address: &str, then: impl FnOnce(Result<JsJson, String>) + 'static) {
    get_within(address, 0, then);
}

/// Reads what was fetched from there already: a `Response`, or a promise of one; where there is none,
/// fetches it.
pub(crate) fn get_asked(
    address: &str,
    asked: &JsValue,
    then: impl FnOnce(Result<JsJson, String>) + 'static,
) {
    told(promise(address, 0, asked), then);
}

/// Fetches it, or gives up after so many milliseconds.
pub(crate) fn get_within(
    address: &str,
    milliseconds: u32,
    then: impl FnOnce(Result<JsJson, String>) + 'static,
) {
    told(promise(address, milliseconds, &JsValue::UNDEFINED), then);
}

fn told(promise: Promise, then: impl FnOnce(Result<JsJson, String>) + 'static) {
    after(promise, |fetched| {
        then(fetched.map(JsJson).map_err(|error| said(&error)));
    });
}

/// What a JavaScript error says.
fn said(error: &JsValue) -> String {
    error.dyn_ref::<Error>().map(|error| String::from(error.message())).unwrap_or_default()
}
