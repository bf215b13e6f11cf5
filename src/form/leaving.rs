//! Leaving the page while the form is sent: the browser asks first.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BeforeUnloadEvent, window};

/// The question, as long as it is to be asked: a page that always listens for `beforeunload` is
/// not kept for the back button by every browser.
pub(super) struct Leaving {
    ask: Closure<dyn Fn(BeforeUnloadEvent)>,
    asking: Cell<bool>,
}

impl Leaving {
    pub(super) fn new() -> Self {
        let ask = Closure::new(|event: BeforeUnloadEvent| {
            event.prevent_default();
            // Browsers before 2024 go by the text, and show their own.
            event.set_return_value("?");
        });
        Self { ask, asking: Cell::new(false) }
    }

    /// From now on the browser asks, or does no longer.
    pub(super) fn ask(&self, asking: bool) {
        let Some(window) = window().filter(|_| self.asking.replace(asking) != asking) else {
            return;
        };
        let ask = self.ask.as_ref().unchecked_ref();
        // A window always listens.
        let _ = if asking {
            window.add_event_listener_with_callback("beforeunload", ask)
        } else {
            window.remove_event_listener_with_callback("beforeunload", ask)
        };
    }
}
