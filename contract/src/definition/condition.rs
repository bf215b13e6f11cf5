use serde::Serialize;

/// The condition under which a question is shown: an answer to an earlier question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// The parameter of the earlier question.
    pub parameter: String,
    /// The answers for which the question is shown, as they are sent.
    pub is: Vec<String>,
}

impl Condition {
    /// Whether the [effective answer](super::Field::effective_answer) to the earlier question is
    /// one of `is`.
    pub(super) fn is_met_by(&self, answer: &str) -> bool {
        self.is.iter().any(|value| value == answer)
    }
}
