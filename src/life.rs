//! How long a form is on its page.

use std::any::Any;
use std::cell::RefCell;
use std::fmt::{self, Debug, Formatter};
use std::rc::Rc;

/// What lives as long as a form is on its page: listeners, effects, the form itself. Clones share
/// it.
///
/// Leptos' owners do the same, and keep what is local to a thread behind a check of the thread that
/// weighs 2 kB (brotli) with all that it calls.
#[derive(Clone)]
pub(crate) struct Life(Rc<RefCell<Option<Kept>>>);

/// What ends by being dropped.
type Kept = Vec<Box<dyn Any>>;

impl Life {
    pub(crate) fn new() -> Self {
        Self(Rc::new(RefCell::new(Some(Vec::new()))))
    }

    /// Keeps something, which ends by being dropped.
    pub(crate) fn keep(&self, thing: impl Any) {
        let thing: Box<dyn Any> = Box::new(thing);
        if let Some(kept) = &mut *self.0.borrow_mut() {
            kept.push(thing);
        }
    }

    /// Whether the form was taken off the page.
    pub(crate) fn is_over(&self) -> bool {
        self.0.borrow().is_none()
    }

    /// Ends what was kept, in the order it was.
    pub(crate) fn end(&self) {
        // Taken out first: what ends may look here.
        let kept = self.0.take();
        drop(kept);
    }
}

impl Debug for Life {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Life").field("over", &self.is_over()).finish()
    }
}
