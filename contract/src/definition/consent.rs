use super::preset::{AnswerWords, label, line, shown_answer};
use super::public::PublicDefinition;

/// Returns what the visitor agreed to or declined: the words of each of these checkboxes, the
/// answer and the time, with one checkbox per line. Questions without an answer are omitted.
///
/// `form` is the form in the visitor's language, and `time` is when the submission arrived.
///
/// ```
/// use deal_contract::definition::{AnswerWords, Field, FieldKind, PublicDefinition, consent};
/// use deal_contract::values::FlagValue;
///
/// let privacy = Field::new("privacy", FieldKind::flag(FlagValue::One), "I agree to the terms");
/// let form = PublicDefinition::new("Quote", vec![privacy]);
/// let answer = |parameter: &str| (parameter == "privacy").then_some("1");
/// let words = AnswerWords { yes: "yes", no: "no" };
/// let text = consent(&form, &["privacy".to_owned()], answer, words, "2027-01-03T10:30:00Z");
/// assert_eq!(text, "I agree to the terms: yes (2027-01-03T10:30:00Z)");
/// ```
pub fn consent<'a>(
    form: &PublicDefinition,
    questions: &[String],
    answer: impl Fn(&str) -> Option<&'a str>,
    words: AnswerWords<'_>,
    time: &str,
) -> String {
    let lines = questions.iter().filter_map(|parameter| {
        let shown = shown_answer(form, parameter, answer(parameter)?, words, str::to_owned)?;
        Some(format!("{} ({time})", line(&label(form, parameter), &shown)))
    });
    lines.collect::<Vec<_>>().join("\n")
}
