/// Whether the form shows a question now, and whether it requires an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuestionState {
    /// The question is not shown, so its answer is ignored.
    Hidden,
    /// The question is shown, but needs no answer.
    Optional,
    /// The question is shown, and needs an answer.
    Required,
}

impl QuestionState {
    /// Returns whether the question is shown.
    pub fn is_shown(self) -> bool {
        self != Self::Hidden
    }

    /// Returns whether an answer is required.
    pub fn is_required(self) -> bool {
        self == Self::Required
    }
}
