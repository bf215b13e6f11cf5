//! The methods that a page uses to control its form.

use std::cell::RefCell;
use std::fmt::{self, Debug, Formatter};
use std::rc::{Rc, Weak};

use super::actions::Actions;

/// Controls a form. Clones control the same form.
///
/// The methods do nothing before the form is ready and after it has been removed from the page.
///
/// ```
/// use deal_form::{DealForm, FormHandle, Source};
/// use leptos::prelude::*;
///
/// #[component]
/// fn Page() -> impl IntoView {
///     let source = Source::Address("https://leads.example.com/forms/quote".to_owned());
///     let handle = FormHandle::default();
///     let form = StoredValue::new_local(handle.clone());
///     view! {
///         <DealForm source handle />
///         <button on:click=move |_| form.with_value(|form| form.reset())>"Start over"</button>
///     }
/// }
/// ```
#[derive(Clone, Default)]
pub struct FormHandle(Rc<RefCell<Weak<Actions>>>);

impl FormHandle {
    pub(super) fn attach(&self, actions: &Rc<Actions>) {
        *self.0.borrow_mut() = Rc::downgrade(actions);
    }

    fn actions(&self) -> Option<Rc<Actions>> {
        self.0.borrow().upgrade()
    }

    /// Does the same as the button: sends the form, or shows its problems.
    pub fn submit(&self) {
        if let Some(actions) = self.actions() {
            actions.submit();
        }
    }

    /// Stops the current attempt and starts a new, empty draft.
    pub fn reset(&self) {
        if let Some(actions) = self.actions() {
            actions.reset();
        }
    }

    /// Sets the answers to these parameters as if the visitor had typed them. Logs a warning for each
    /// parameter that the form does not ask for.
    pub fn prefill(&self, values: &[(String, String)]) {
        if let Some(actions) = self.actions() {
            actions.prefill(values);
        }
    }

    /// Returns whether the form could be sent now. Shows nothing.
    pub fn check_validity(&self) -> bool {
        self.actions().is_some_and(|actions| actions.is_valid())
    }
}

impl Debug for FormHandle {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormHandle").field("attached", &self.actions().is_some()).finish()
    }
}
