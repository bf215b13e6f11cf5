use serde::Serialize;

use super::{Field, FieldKind};

/// On which answer to an earlier question it hangs that a question is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// The parameter of the earlier question.
    pub parameter: String,
    /// The answers on which this one is asked, as they are sent.
    pub is: Vec<String>,
}

impl Condition {
    /// Whether the normalized answer to the earlier question is one of the values. An unticked box
    /// counts as no.
    pub(super) fn is_met_by(&self, controlling: &Field, answer: &str) -> bool {
        let mut answer = answer.trim().to_owned();
        if answer.is_empty() && controlling.kind == FieldKind::Flag {
            controlling.yes().other().as_str().clone_into(&mut answer);
        }
        self.is.contains(&answer)
    }
}
