//! Waiting for the browser.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Calls `then` with what becomes of the promise. One task for all: each `async` block of its own
/// is a state machine that the bundle pays for.
pub(crate) fn after(promise: Promise, then: impl FnOnce(Result<JsValue, JsValue>) + 'static) {
    let then: Box<dyn FnOnce(Result<JsValue, JsValue>)> = Box::new(then);
    spawn_local(async move { then(JsFuture::from(promise).await) });
}
