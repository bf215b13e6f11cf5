//! Access to the page: its window, document, timers and console.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Document, UrlSearchParams, Window};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn warn(text: &str);

    #[wasm_bindgen(js_namespace = console)]
    fn error(text: &str);
}

/// Logs a warning for the developer of the page.
pub(crate) fn log_warning(text: &str) {
    warn(&format!("deal-form: {text}"));
}

/// Logs an error that prevents the form from working.
pub(crate) fn log_error(text: &str) {
    error(&format!("deal-form: {text}"));
}

/// Returns the page's window.
#[expect(clippy::expect_used, reason = "the widget runs only in pages, which have a window")]
pub(crate) fn window() -> Window {
    web_sys::window().expect("a window")
}

/// Returns the value of this query parameter in the page's address, if the address has it.
pub(crate) fn url_parameter(name: &str) -> Option<String> {
    query_parameter(&window().location().search().ok()?, name)
}

/// Returns the value of this parameter in a query, if the query has it.
pub(crate) fn query_parameter(query: &str, name: &str) -> Option<String> {
    UrlSearchParams::new_with_str(query).ok()?.get(name)
}

/// Returns the page's document.
#[expect(clippy::expect_used, reason = "the window of a page has a document")]
pub(crate) fn document() -> Document {
    window().document().expect("a document")
}

/// A scheduled call. Dropping the timer cancels the call and drops everything that it owns.
#[must_use = "dropping a timer cancels it"]
pub(crate) struct Timer {
    id: i32,
    /// Owned here, because the browser would never free the closure of a cancelled timer.
    _work: Closure<dyn FnMut()>,
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}

/// Calls `work` after the pause. The maximum is about 24 days; a longer pause is shortened. Returns
/// `None` if the browser sets no timer.
pub(crate) fn later(pause: Duration, work: impl FnOnce() + 'static) -> Option<Timer> {
    let work: Box<dyn FnOnce()> = Box::new(work);
    let work = Closure::once(work);
    let pause = i32::try_from(pause.as_millis()).unwrap_or(i32::MAX);
    let callback = work.as_ref().unchecked_ref();
    let id = window().set_timeout_with_callback_and_timeout_and_arguments_0(callback, pause);
    id.ok().map(|id| Timer { id, _work: work })
}

/// Calls a function before the browser's next frame. Several requests for the same frame are one call.
pub(crate) struct NextFrame {
    /// The id of the requested frame.
    id: Rc<Cell<Option<i32>>>,
    work: Rc<dyn Fn()>,
    callback: Closure<dyn FnMut()>,
}

impl NextFrame {
    pub(crate) fn new(work: impl Fn() + 'static) -> Self {
        let id = Rc::new(Cell::new(None));
        let work: Rc<dyn Fn()> = Rc::new(work);
        let (requested, call) = (Rc::clone(&id), Rc::clone(&work));
        let callback = Closure::<dyn FnMut()>::new(move || {
            requested.take();
            call();
        });
        Self { id, work, callback }
    }

    pub(crate) fn request(&self) {
        if self.id.get().is_none() {
            let callback = self.callback.as_ref().unchecked_ref();
            // Fails only for a document without a window.
            self.id.set(window().request_animation_frame(callback).ok());
        }
    }

    /// Makes the requested call now.
    pub(crate) fn flush(&self) {
        if self.cancel() {
            (self.work)();
        }
    }

    /// Returns whether there was a request.
    fn cancel(&self) -> bool {
        let id = self.id.take();
        if let Some(id) = id {
            // Fails only for a document without a window.
            let _ = window().cancel_animation_frame(id);
        }
        id.is_some()
    }
}

impl Drop for NextFrame {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// Converts a JavaScript number that is a whole number below 2^53, such as a size in bytes.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and a double holds these whole numbers exactly"
)]
pub(crate) fn whole_number(number: f64) -> u64 {
    number as u64
}
