//! Connects the page's code with its form.

use std::cell::RefCell;
use std::fmt::{self, Debug, Formatter};
use std::rc::{Rc, Weak};

use super::actions::Actions;

/// Calls a form. Clones call the same form.
///
/// The methods do nothing before the form is ready and after it has been removed from the page.
#[derive(Clone, Default)]
pub(crate) struct Remote(Rc<RefCell<Weak<Actions>>>);

impl Remote {
    pub(super) fn attach(&self, actions: &Rc<Actions>) {
        *self.0.borrow_mut() = Rc::downgrade(actions);
    }

    /// Returns the form, if it is ready.
    pub(super) fn actions(&self) -> Option<Rc<Actions>> {
        self.0.borrow().upgrade()
    }

    /// Does the same as the submit button: sends the form or goes to the next step, or shows
    /// problems.
    pub(crate) fn submit(&self) {
        if let Some(actions) = self.actions() {
            actions.submit();
        }
    }

    /// Stops the current attempt and starts a new, empty draft.
    pub(crate) fn reset(&self) {
        if let Some(actions) = self.actions() {
            actions.reset();
        }
    }

    /// Sets the answers to these parameters as if the visitor had typed them. Logs a warning for each
    /// parameter that the form does not ask for.
    pub(crate) fn prefill(&self, values: &[(String, String)]) {
        if let Some(actions) = self.actions() {
            actions.prefill(values);
        }
    }

    /// Returns whether the form could be sent now. Does not show problems.
    pub(crate) fn check_validity(&self) -> bool {
        self.actions().is_some_and(|actions| actions.is_valid())
    }
}

impl Debug for Remote {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("attached", &self.actions().is_some()).finish()
    }
}
