//! The page around the form: its document, its clock, its console.

use std::time::Duration;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Document, Window};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn warn(text: &str);

    #[wasm_bindgen(js_namespace = console)]
    fn error(text: &str);
}

/// Tells the page's developer of something that should be otherwise.
pub(crate) fn warn_developer(text: &str) {
    warn(&format!("deal-form: {text}"));
}

/// Tells the page's developer of what keeps the form from working.
pub(crate) fn tell_developer(text: &str) {
    error(&format!("deal-form: {text}"));
}

/// The page's window.
#[expect(clippy::expect_used, reason = "a form is drawn in pages, and a page has a window")]
pub(crate) fn window() -> Window {
    web_sys::window().expect("a window")
}

/// The page's document.
#[expect(clippy::expect_used, reason = "a window that shows a form has a document")]
pub(crate) fn document() -> Document {
    window().document().expect("a document")
}

/// Work that is waiting to be done. Dropping the timer cancels the work and drops what it holds.
#[must_use = "a timer that is dropped does nothing"]
pub(crate) struct Timer {
    id: i32,
    /// Owned here and not by the browser, which would never free it once the timer is cancelled.
    _work: Closure<dyn FnMut()>,
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}

/// Does the work after the pause, at most 24 days. No timer when the browser has none to give.
pub(crate) fn later(pause: Duration, work: impl FnOnce() + 'static) -> Option<Timer> {
    let work: Box<dyn FnOnce()> = Box::new(work);
    let work = Closure::once(work);
    let pause = i32::try_from(pause.as_millis()).unwrap_or(i32::MAX);
    let callback = work.as_ref().unchecked_ref();
    let id = window().set_timeout_with_callback_and_timeout_and_arguments_0(callback, pause);
    id.ok().map(|id| Timer { id, _work: work })
}

/// A size in bytes, or another whole number below 2^53, from a number of JavaScript.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and a double holds these whole numbers exactly"
)]
pub(crate) fn bytes(number: f64) -> u64 {
    number as u64
}
