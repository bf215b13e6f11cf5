//! Owns everything that ends when a form is removed from its page.

use std::any::Any;
use std::cell::RefCell;
use std::fmt::{self, Debug, Formatter};
use std::rc::Rc;

/// Owns everything that lives as long as a form is on its page: listeners, effects, the form
/// itself. Clones share the same values.
///
/// Leptos' owners do the same, but they check the thread on each access, which adds 2 kB (brotli).
#[derive(Clone)]
pub(crate) struct Scope(Rc<RefCell<Option<Kept>>>);

/// The values to drop when the scope ends.
type Kept = Vec<Box<dyn Any>>;

impl Scope {
    pub(crate) fn new() -> Self {
        Self(Rc::new(RefCell::new(Some(Vec::new()))))
    }

    /// Keeps the value until the scope ends, and then drops it.
    pub(crate) fn keep(&self, value: impl Any) {
        let value: Box<dyn Any> = Box::new(value);
        if let Some(kept) = &mut *self.0.borrow_mut() {
            kept.push(value);
        }
    }

    /// Returns whether the form has been removed from the page.
    pub(crate) fn is_over(&self) -> bool {
        self.0.borrow().is_none()
    }

    /// Drops the values in the order in which they were added.
    pub(crate) fn end(&self) {
        // Take them out first: their destructors may use this scope.
        let kept = self.0.take();
        drop(kept);
    }
}

impl Debug for Scope {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("over", &self.is_over()).finish()
    }
}
