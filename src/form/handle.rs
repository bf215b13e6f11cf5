//! What a page can ask of its form.

use std::cell::RefCell;
use std::fmt::{self, Debug, Formatter};
use std::rc::{Rc, Weak};

use super::actions::Actions;

/// A form's remote control; clones control the same form.
///
/// Until the form can be filled in, and after it was taken off the page, nothing happens.
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
///         <button on:click=move |_| form.with_value(|form| form.reset())>"Begin anew"</button>
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

    /// Does what the button does: sends, or shows what is wrong.
    pub fn submit(&self) {
        if let Some(actions) = self.actions() {
            actions.submit();
        }
    }

    /// Stops what is under way and begins a new, empty draft.
    pub fn reset(&self) {
        if let Some(actions) = self.actions() {
            actions.reset();
        }
    }

    /// Writes answers into the fields of those parameters, as if they had been typed. What the form
    /// does not ask for is named on the console.
    pub fn prefill(&self, values: &[(String, String)]) {
        if let Some(actions) = self.actions() {
            actions.prefill(values);
        }
    }

    /// Whether the form could be sent as it stands. Shows nothing.
    pub fn check_validity(&self) -> bool {
        self.actions().is_some_and(|actions| actions.is_valid())
    }
}

impl Debug for FormHandle {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormHandle").field("attached", &self.actions().is_some()).finish()
    }
}
