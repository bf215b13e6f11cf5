//! The methods that a Leptos application uses to control its form.

use leptos::prelude::*;

use super::remote::Remote;

/// Controls a form. It is `Copy`, and all copies control the same form.
///
/// Give it to the form with the prop `handle`, or provide it as context: a `<DealForm>` without the
/// prop uses the handle from its context. Two forms need two handles; a handle controls the form
/// that was rendered last.
///
/// ```
/// use deal_form::{DealForm, FormHandle};
/// use leptos::prelude::*;
///
/// #[component]
/// fn Page() -> impl IntoView {
///     provide_context(FormHandle::new());
///     view! {
///         <SpringOffer />
///         <DealForm src="https://leads.example.com/forms/quote" />
///     }
/// }
///
/// #[component]
/// fn SpringOffer() -> impl IntoView {
///     let form = expect_context::<FormHandle>();
///     view! {
///         <button on:click=move |_| form.prefill(&[("campaign", "spring")])>"The spring offer"</button>
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct FormHandle(StoredValue<Inner>);

/// The data that a handle shares with its form. It must be `Send`, because a server moves it
/// between threads.
#[derive(Debug, Default)]
struct Inner {
    /// The form, which stays on the browser's thread.
    form: Option<StoredValue<Remote, LocalStorage>>,
    /// The answers that were set before the form was ready.
    pending: Vec<(String, String)>,
}

impl FormHandle {
    /// Creates a handle for one form.
    pub fn new() -> Self {
        Self(StoredValue::new(Inner::default()))
    }

    /// Connects the handle with the form that is being loaded.
    pub(super) fn attach(self, remote: Remote) {
        let form = StoredValue::new_local(remote);
        // Fails only if the application has removed the owner of the handle.
        let _ = self.0.try_update_value(|inner| inner.form = Some(form));
    }

    /// Returns the answers that were set before the form was ready, and forgets them.
    pub(super) fn take_pending(self) -> Vec<(String, String)> {
        let take = |inner: &mut Inner| std::mem::take(&mut inner.pending);
        self.0.try_update_value(take).unwrap_or_default()
    }

    /// Returns the form, if visitors can fill it in.
    fn form(self) -> Option<Remote> {
        let form = self.0.try_with_value(|inner| inner.form).flatten()?;
        form.try_get_value().filter(|remote| remote.actions().is_some())
    }

    /// Does the same as the submit button: sends the form or goes to the next step, or shows
    /// problems. Does nothing before the form is ready.
    pub fn submit(self) {
        if let Some(form) = self.form() {
            untrack(|| form.submit());
        }
    }

    /// Stops the current attempt and starts a new, empty draft. Does nothing before the form is ready.
    pub fn reset(self) {
        if let Some(form) = self.form() {
            untrack(|| form.reset());
        }
    }

    /// Sets the answers to these parameters as if the visitor had typed them. Before the form is
    /// ready, sets only answers that the visitor has not given. Logs a warning for each parameter
    /// that the form does not ask for.
    pub fn prefill(self, values: &[(&str, &str)]) {
        let values = values.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
        let values: Vec<_> = values.collect();
        if let Some(form) = self.form() {
            untrack(|| form.prefill(&values));
        } else {
            let _ = self.0.try_update_value(|inner| inner.pending.extend(values));
        }
    }

    /// Returns whether the form could be sent now. Does not show problems. Returns `false` before
    /// the form is ready.
    pub fn check_validity(self) -> bool {
        self.form().is_some_and(|form| untrack(|| form.check_validity()))
    }
}

impl Default for FormHandle {
    fn default() -> Self {
        Self::new()
    }
}
