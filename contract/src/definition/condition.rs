use serde::Serialize;

/// The condition under which a question is asked: an answer to an earlier question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// The parameter of the earlier question.
    pub parameter: String,
    /// The answers on which this one is asked, as they are sent.
    pub is: Vec<String>,
}

impl Condition {
    /// Whether the earlier question's [counted answer](super::Field::counted_answer) is one of the
    /// values.
    pub(super) fn is_met_by(&self, answer: &str) -> bool {
        self.is.iter().any(|value| value == answer)
    }
}
