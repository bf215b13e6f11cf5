//! Choices with several answers, and answers that are not an option.
//!
//! The answers are sent as one comma-separated text, as the CRM's API expects for tags.

use super::is_comma;

/// The answer when the visitor has chosen *Other*, but has not written an answer yet. A plain form
/// sends this value in addition to the text of the other answer. This value is never sent to the
/// CRM.
pub const OTHER: &str = "df-other";

/// Splits a text into its answers, without empty answers and without white space around them.
///
/// ```
/// use deal_contract::values::choices;
///
/// assert_eq!(choices::parts("Web, ,Print").collect::<Vec<_>>(), ["Web", "Print"]);
/// ```
pub fn parts(answer: &str) -> impl Iterator<Item = &str> {
    answer.split(is_comma).map(str::trim).filter(|part| !part.is_empty())
}

/// Adds an answer to a comma-separated text.
pub fn push(answers: &mut String, answer: &str) {
    if !answers.is_empty() {
        answers.push_str(", ");
    }
    answers.push_str(answer);
}
