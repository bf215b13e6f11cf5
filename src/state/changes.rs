use std::cell::RefCell;
use std::fmt::{self, Debug, Formatter};

use reactive_graph::signal::ArcTrigger;
use reactive_graph::traits::{Notify, Track};

/// The fields whose answers or problems have changed since they were rendered.
///
/// A keystroke only adds its field; the fields are rendered once before the browser's next frame.
#[derive(Default)]
pub(crate) struct Changes {
    /// The indices of the fields, each once.
    fields: RefCell<Vec<usize>>,
    trigger: ArcTrigger,
}

impl Changes {
    /// Adds a field.
    pub(super) fn add(&self, index: usize) {
        let mut fields = self.fields.borrow_mut();
        if !fields.contains(&index) {
            fields.push(index);
        }
    }

    /// Notifies the effect that renders the fields, if there are any.
    pub(crate) fn notify(&self) {
        if !self.fields.borrow().is_empty() {
            self.trigger.notify();
        }
    }

    /// Returns the fields and removes them from the list. Within an effect, this tracks the next
    /// notification.
    pub(crate) fn take(&self) -> Vec<usize> {
        self.trigger.track();
        self.fields.take()
    }
}

impl Debug for Changes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.fields.fmt(f)
    }
}
