/// A condition on the answers to earlier questions.
///
/// ```
/// use deal_contract::definition::{Condition, Test};
///
/// let large = Condition::Answer {
///     parameter: "expected_closing_amount".to_owned(),
///     test: Test::AtLeast("10000".to_owned()),
/// };
/// let json = r#"{"parameter":"expected_closing_amount","at_least":"10000"}"#;
/// assert_eq!(serde_json::to_string(&large).unwrap(), json);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Met if all of these conditions are met.
    All(Vec<Self>),
    /// Met if at least one of these conditions is met.
    Any(Vec<Self>),
    /// Met if the answer to an earlier question passes a test.
    Answer {
        /// The parameter of the earlier question.
        parameter: String,
        /// The test.
        test: Test,
    },
}

/// A test for one answer. A question that is not shown has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// The answer is one of these values, written as they are sent.
    Is(Vec<String>),
    /// The answer differs from all these values, or is missing.
    IsNot(Vec<String>),
    /// Whether the question must have an answer (`true`) or must not have one (`false`).
    Filled(bool),
    /// The amount, number or day is at least this one.
    AtLeast(String),
    /// The amount, number or day is at most this one.
    AtMost(String),
}

impl Condition {
    /// Creates a condition that the answer is one of these values.
    pub fn is(parameter: &str, answers: &[&str]) -> Self {
        let answers = answers.iter().map(|&answer| answer.to_owned()).collect();
        Self::Answer { parameter: parameter.to_owned(), test: Test::Is(answers) }
    }

    /// Returns whether the condition is met. `passes` returns whether the answer to a question
    /// passes a test.
    pub(super) fn is_met(&self, passes: &dyn Fn(&str, &Test) -> bool) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(|one| one.is_met(passes)),
            Self::Any(conditions) => conditions.iter().any(|one| one.is_met(passes)),
            Self::Answer { parameter, test } => passes(parameter, test),
        }
    }
}
