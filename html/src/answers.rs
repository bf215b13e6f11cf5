use deal_contract::problem::Problem;

/// The data that a plain form contains in addition to its questions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// The draft's reference. A form in a static page has no reference until the form is sent.
    pub reference: Option<String>,
    /// The token that the form sends back.
    pub token: Option<String>,
    /// Answers and hidden values, by their parameters.
    pub values: Vec<(String, String)>,
    /// The problems with the answers.
    pub problems: Vec<Problem>,
}

impl Answers {
    /// Returns the value of a parameter, or an empty string if there is none.
    pub(crate) fn value(&self, parameter: &str) -> &str {
        self.values.iter().find(|(name, _)| name == parameter).map_or("", |(_, value)| value)
    }

    /// Returns the problems with the answer to one question.
    pub(crate) fn problems(&self, parameter: &str) -> Vec<&Problem> {
        self.problems.iter().filter(|problem| problem.field == parameter).collect()
    }
}
