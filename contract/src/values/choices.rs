//! Answers to a choice of several options, and answers that are not an option.
//!
//! The answers are one text, separated by commas, like the tags of the reference.

use super::is_comma;

/// The answer of somebody who chose *Other* and has not written an answer yet. A plain form sends it
/// beside the text of the other answer. It is never sent to the CRM.
pub const OTHER: &str = "df-other";

/// The answers in a text, without spaces around them.
///
/// ```
/// use deal_contract::values::choices;
///
/// assert_eq!(choices::parts("Web, ,Print").collect::<Vec<_>>(), ["Web", "Print"]);
/// ```
pub fn parts(answer: &str) -> impl Iterator<Item = &str> {
    answer.split(is_comma).map(str::trim).filter(|part| !part.is_empty())
}

/// Adds an answer to a text of answers.
pub fn push(answers: &mut String, answer: &str) {
    if !answers.is_empty() {
        answers.push_str(", ");
    }
    answers.push_str(answer);
}
