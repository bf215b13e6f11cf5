use deal_contract::definition::PublicDefinition;
use deal_contract::problem::Problem;
use deal_contract::reference::Reference;

use crate::http::refusal::Refusal;
use crate::intake::Received;

/// The state of a form on the proxy's own page: its reference, its values, and why it was refused.
#[derive(Clone)]
pub(crate) struct Draft {
    reference: Option<Reference>,
    values: Vec<(String, String)>,
    had_files: bool,
    refusal: Option<Refusal>,
    token: Option<String>,
}

impl Draft {
    /// A form in a static page, with its default answers. It has no reference until it is sent.
    pub(super) fn blank(form: &PublicDefinition) -> Self {
        let values = form.plain_defaults();
        Self { reference: None, values, had_files: false, refusal: None, token: None }
    }

    /// A new form with its hidden values and initial answers.
    pub(crate) fn new(reference: Reference, values: Vec<(String, String)>) -> Self {
        Self { reference: Some(reference), values, had_files: false, refusal: None, token: None }
    }

    /// The form that was sent, to show it again.
    pub(crate) fn of(reference: Reference, received: &Received) -> Self {
        Self {
            reference: Some(reference),
            values: received.values.clone(),
            had_files: !received.files.is_empty(),
            refusal: None,
            token: None,
        }
    }

    /// Replaces the reference.
    pub(crate) fn with_reference(self, reference: Reference) -> Self {
        Self { reference: Some(reference), ..self }
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

    pub(super) fn reference(&self) -> Option<&str> {
        self.reference.as_ref().map(Reference::as_str)
    }

    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The value of a parameter; empty if there is none.
    pub(super) fn value(&self, parameter: &str) -> &str {
        self.values.iter().find(|(name, _)| name == parameter).map_or("", |(_, value)| value)
    }

    /// Whether the visitor had added files, which the page cannot show again.
    pub(super) fn had_files(&self) -> bool {
        self.had_files
    }

    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }

    /// The problems of one question.
    pub(super) fn problems(&self, parameter: &str) -> Vec<&Problem> {
        let problems = self.refusal().map_or(&[][..], Refusal::problems);
        problems.iter().filter(|problem| problem.field == parameter).collect()
    }
}
