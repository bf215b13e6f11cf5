use deal_contract::problem::Problem;
use deal_contract::reference::Reference;

use crate::http::refusal::Refusal;
use crate::intake::Received;

/// One filling-in of a form on a page of ours: its reference, what was typed, and why it came back.
#[derive(Clone)]
pub(crate) struct Draft {
    reference: Option<Reference>,
    values: Vec<(String, String)>,
    had_files: bool,
    refusal: Option<Refusal>,
    token: Option<String>,
}

impl Draft {
    /// An empty form for everybody who opens a page: a draft only begins when it is sent.
    pub(super) fn blank() -> Self {
        Self { reference: None, values: Vec::new(), had_files: false, refusal: None, token: None }
    }

    /// A form in which nothing is filled in but what the page itself answers.
    pub(crate) fn new(reference: Reference, given: Vec<(String, String)>) -> Self {
        Self {
            reference: Some(reference),
            values: given,
            had_files: false,
            refusal: None,
            token: None,
        }
    }

    /// A form that was sent.
    pub(crate) fn of(reference: Reference, received: &Received) -> Self {
        Self {
            reference: Some(reference),
            values: received.values.clone(),
            had_files: !received.files.is_empty(),
            refusal: None,
            token: None,
        }
    }

    /// Under the reference that was found for it.
    pub(crate) fn named(self, reference: Reference) -> Self {
        Self { reference: Some(reference), ..self }
    }

    /// What the page brings back where the form wants a token.
    pub(crate) fn with_token(self, token: Option<String>) -> Self {
        Self { token, ..self }
    }

    /// Comes back to the visitor.
    pub(crate) fn refused(mut self, refusal: &Refusal) -> Self {
        self.refusal = Some(refusal.clone());
        self
    }

    pub(super) fn reference(&self) -> Option<&str> {
        self.reference.as_ref().map(Reference::as_str)
    }

    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// What was typed there.
    pub(super) fn value(&self, parameter: &str) -> &str {
        self.values.iter().find(|(name, _)| name == parameter).map_or("", |(_, value)| value)
    }

    pub(super) fn had_files(&self) -> bool {
        self.had_files
    }

    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }

    /// What is wrong with the answer to that question.
    pub(super) fn problems(&self, parameter: &str) -> Vec<&Problem> {
        let problems = self.refusal().map_or(&[][..], Refusal::problems);
        problems.iter().filter(|problem| problem.field == parameter).collect()
    }
}
