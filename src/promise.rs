//! Waiting for promises.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Calls `then` with the result of the promise. All callers share this `async` block, because each
/// `async` block compiles to a separate state machine.
pub(crate) fn after(promise: Promise, then: impl FnOnce(Result<JsValue, JsValue>) + 'static) {
    let then: Box<dyn FnOnce(Result<JsValue, JsValue>)> = Box::new(then);
    spawn_local(async move { then(JsFuture::from(promise).await) });
}
