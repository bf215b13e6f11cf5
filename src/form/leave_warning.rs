//! Lets the browser ask before the visitor leaves the page while the form is being sent.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BeforeUnloadEvent, window};

/// Listens for `beforeunload` only while it is active, because some browsers do not put a page with
/// this listener into the back/forward cache.
pub(super) struct LeaveWarning {
    listener: Closure<dyn Fn(BeforeUnloadEvent)>,
    is_active: Cell<bool>,
}

impl LeaveWarning {
    pub(super) fn new() -> Self {
        let listener = Closure::new(|event: BeforeUnloadEvent| {
            event.prevent_default();
            // Browsers before 2024 ask only if there is a message, but do not show the message.
            event.set_return_value("?");
        });
        Self { listener, is_active: Cell::new(false) }
    }

    /// Switches the warning on or off.
    pub(super) fn set_active(&self, active: bool) {
        let Some(window) = window().filter(|_| self.is_active.replace(active) != active) else {
            return;
        };
        let listener = self.listener.as_ref().unchecked_ref();
        // Adding or removing a listener on a window cannot fail.
        let _ = if active {
            window.add_event_listener_with_callback("beforeunload", listener)
        } else {
            window.remove_event_listener_with_callback("beforeunload", listener)
        };
    }
}
