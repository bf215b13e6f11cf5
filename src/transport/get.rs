//! Fetching JSON: a form's public definition, a language's catalog.
//!
//! By the browser's own `fetch`: gloo-net around it made a form 2 kB heavier.

use js_sys::{Error, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::json::JsJson;
use crate::promise::after;

#[wasm_bindgen(module = "/src/transport/get.js")]
extern "C" {
    #[wasm_bindgen(js_name = get)]
    fn promise(address: &str) -> Promise;
}

/// Fetches the JSON at that address; `then` gets it, or a sentence for developers.
pub(crate) fn get(address: &str, then: impl FnOnce(Result<JsJson, String>) + 'static) {
    after(promise(address), |fetched| then(fetched.map(JsJson).map_err(|error| said(&error))));
}

/// What a JavaScript error says.
fn said(error: &JsValue) -> String {
    error.dyn_ref::<Error>().map(|error| String::from(error.message())).unwrap_or_default()
}
