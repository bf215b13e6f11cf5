//! Locks a draft for one tab. A duplicated tab has a copy of the session storage, with the same
//! reference: without a lock, a request from the second tab would overwrite the deal of the first
//! tab.

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::promise::after;

#[wasm_bindgen(module = "/src/draft/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = lock)]
    fn try_lock(draft: &str) -> Promise;

    /// Releases the draft for another form or tab.
    pub(crate) fn release(draft: &str);
}

/// Locks the draft for this page. Calls `taken` if another page still has the lock after two seconds:
/// a page that was just left may not have released it yet.
pub(crate) fn lock(reference: &str, taken: impl FnOnce() + 'static) {
    after(try_lock(reference), |locked| {
        if locked.is_ok_and(|locked| locked.is_falsy()) {
            taken();
        }
    });
}
