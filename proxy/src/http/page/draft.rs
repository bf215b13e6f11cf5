use deal_contract::reference::Reference;
use deal_form_html::Answers;

use crate::http::refusal::Refusal;
use crate::intake::Received;

/// The state of a form on the proxy's own page: its reference, its values, and why it was refused.
#[derive(Clone)]
pub(crate) struct Draft {
    reference: Reference,
    values: Vec<(String, String)>,
    had_files: bool,
    refusal: Option<Refusal>,
    token: Option<String>,
}

impl Draft {
    /// Creates the state of a new form with its hidden values and initial answers.
    pub(crate) fn new(reference: Reference, values: Vec<(String, String)>) -> Self {
        Self { reference, values, had_files: false, refusal: None, token: None }
    }

    /// Creates the state of a form that was sent, to show it again.
    pub(crate) fn of(reference: Reference, received: &Received) -> Self {
        Self {
            reference,
            values: received.values.clone(),
            had_files: !received.files.is_empty(),
            refusal: None,
            token: None,
        }
    }

    /// Replaces the reference.
    pub(crate) fn with_reference(self, reference: Reference) -> Self {
        Self { reference, ..self }
    }

    /// Sets the token that the page sends back.
    pub(crate) fn with_token(self, token: Option<String>) -> Self {
        Self { token, ..self }
    }

    /// Sets why the form is shown again.
    pub(crate) fn with_refusal(mut self, refusal: &Refusal) -> Self {
        self.refusal = Some(refusal.clone());
        self
    }

    /// Returns the answers that the form shows.
    pub(super) fn answers(&self) -> Answers {
        Answers {
            reference: Some(self.reference.to_string()),
            token: self.token.clone(),
            values: self.values.clone(),
            problems: self.refusal().map_or_else(Vec::new, |refusal| refusal.problems().to_vec()),
        }
    }

    /// Returns whether the visitor had added files, which the page cannot show again.
    pub(super) fn had_files(&self) -> bool {
        self.had_files
    }

    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }
}
