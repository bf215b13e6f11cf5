//! Whose a draft is. A tab that the visitor duplicates has a copy of what the other one keeps, and so
//! the same reference: the second request would overwrite the first one's deal.

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::promise::after;

#[wasm_bindgen(module = "/src/draft/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = own)]
    fn ask(draft: &str) -> Promise;

    /// Releases the draft with that reference for another form or tab.
    pub(crate) fn release(draft: &str);
}

/// Holds the draft with that reference for this page. Calls `taken` if another page has it; that
/// takes a second to tell, as a page that was just left may not have let go.
pub(crate) fn own(reference: &str, taken: impl FnOnce() + 'static) {
    after(ask(reference), |owns| {
        if owns.is_ok_and(|owns| owns.is_falsy()) {
            taken();
        }
    });
}
