use std::fmt::{self, Debug, Formatter};

use super::field::Field;
use super::kind::FieldKind;
use super::public::PublicDefinition;
use crate::kind::{Kind, TextFormat};
use crate::values::is_comma;

/// The value of a preset: text with placeholders for the visitor's answers.
///
/// ```
/// use deal_contract::definition::{AnswerWords, Field, Preset, PresetPiece, PublicDefinition};
/// use deal_contract::kind::TextFormat;
///
/// let form = PublicDefinition::new(
///     "Quote",
///     vec![Field::new("contact_name", TextFormat::SingleLine, "Your name")],
/// );
/// let name = Preset::new(
///     TextFormat::SingleLine.into(),
///     vec![
///         PresetPiece::Text("Quote for ".to_owned()),
///         PresetPiece::First(vec!["company_name".to_owned(), "contact_name".to_owned()]),
///     ],
/// );
/// let answer = |parameter: &str| (parameter == "contact_name").then_some("Mike");
/// let words = AnswerWords { yes: "yes", no: "no" };
/// assert_eq!(name.fill(&form, answer, words, ""), "Quote for Mike");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Preset {
    kind: FieldKind,
    pieces: Vec<PresetPiece>,
}

/// A part of a preset.
#[derive(Clone, PartialEq, Eq)]
pub enum PresetPiece {
    /// The author's text.
    Text(String),
    /// The answer for the first of these parameters that has an answer.
    First(Vec<String>),
    /// Each of these questions that has an answer, with the answer, one per line.
    List(Vec<String>),
    /// The result of [`consent`](super::consent()) for these questions.
    Consent(Vec<String>),
}

/// The words for a flag's answers, such as "yes" and "no".
#[derive(Debug, Clone, Copy)]
pub struct AnswerWords<'a> {
    /// The answer for a ticked box.
    pub yes: &'a str,
    /// The answer for a box that is not ticked.
    pub no: &'a str,
}

impl Preset {
    /// Creates a preset with these pieces and a value of this kind.
    pub fn new(kind: FieldKind, pieces: Vec<PresetPiece>) -> Self {
        Self { kind, pieces }
    }

    /// Returns the value, if it is the same for each submission.
    pub fn as_fixed(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [PresetPiece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns whether the value always contains the answer for this parameter, if the parameter
    /// has an answer. In a placeholder with alternatives, only the first parameter is considered:
    /// the others are used only if the first has no answer.
    pub fn contains(&self, parameter: &str) -> bool {
        self.pieces.iter().any(|piece| match piece {
            PresetPiece::Text(_) => false,
            PresetPiece::First(parameters) => parameters.first().is_some_and(|it| it == parameter),
            PresetPiece::List(parameters) | PresetPiece::Consent(parameters) => {
                parameters.iter().any(|it| it == parameter)
            }
        })
    }

    /// Returns the questions of the placeholder for the consent, if the value has this placeholder.
    pub(super) fn consent_questions(&self) -> Option<&[String]> {
        self.pieces.iter().find_map(|piece| match piece {
            PresetPiece::Consent(questions) => Some(questions.as_slice()),
            _ => None,
        })
    }

    /// Fills in the placeholders with the valid answers of a submission, and with the result of
    /// [`consent`](super::consent()). The value is empty if it has placeholders and all of them
    /// stay empty.
    ///
    /// An answer is inserted as data: braces in it have no meaning. A multi-line value has line
    /// breaks as browsers send them (CRLF). Any other value has spaces instead of line breaks, and
    /// is shortened if it is too long.
    pub fn fill<'a>(
        &self,
        form: &PublicDefinition,
        answer: impl Fn(&str) -> Option<&'a str>,
        words: AnswerWords<'_>,
        consent: &str,
    ) -> String {
        if let Some(value) = self.as_fixed() {
            return value.to_owned();
        }
        let format = match self.kind.kind() {
            Kind::Text(TextFormat::Tags) => without_commas,
            _ => str::to_owned,
        };
        let shown =
            |parameter: &str| shown_answer(form, parameter, answer(parameter)?, words, format);
        let filled: Vec<String> =
            self.pieces.iter().map(|piece| piece.fill(form, &shown, consent)).collect();
        let has_answer = self
            .pieces
            .iter()
            .zip(&filled)
            .any(|(piece, text)| !matches!(piece, PresetPiece::Text(_)) && !text.is_empty());
        if !has_answer {
            return String::new();
        }
        let joined = self.join(&filled);
        if self.kind.kind() == Kind::Text(TextFormat::MultiLine) {
            return joined.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        let line = joined.split_whitespace().collect::<Vec<_>>().join(" ");
        shorten(&line, self.kind.length_limit())
    }

    /// Joins the filled pieces into one string. A placeholder without an answer leaves no empty
    /// lines.
    fn join(&self, filled: &[String]) -> String {
        let mut joined = String::new();
        let mut follows_empty_placeholder = false;
        for (piece, text) in self.pieces.iter().zip(filled) {
            let is_placeholder = !matches!(piece, PresetPiece::Text(_));
            if is_placeholder && text.is_empty() {
                follows_empty_placeholder = true;
                continue;
            }
            let is_line_start = joined.is_empty() || joined.ends_with('\n');
            joined.push_str(if follows_empty_placeholder && is_line_start {
                text.trim_start_matches(['\r', '\n'])
            } else {
                text
            });
            follows_empty_placeholder = false;
        }
        joined.trim().to_owned()
    }
}

/// Shows the kind and hides the value.
impl Debug for Preset {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preset").field("kind", &self.kind.kind()).finish_non_exhaustive()
    }
}

/// Hides the author's text.
impl Debug for PresetPiece {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::First(_) => "First",
            Self::List(_) => "List",
            Self::Consent(_) => "Consent",
        })
    }
}

impl PresetPiece {
    fn fill(
        &self,
        form: &PublicDefinition,
        shown: &dyn Fn(&str) -> Option<String>,
        consent: &str,
    ) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::First(parameters) => {
                parameters.iter().find_map(|parameter| shown(parameter)).unwrap_or_default()
            }
            Self::List(parameters) => {
                let lines = parameters.iter().filter_map(|parameter| {
                    Some(line(&label(form, parameter), &shown(parameter)?))
                });
                lines.collect::<Vec<_>>().join("\n")
            }
            Self::Consent(_) => consent.to_owned(),
        }
    }
}

/// Formats an answer as people read it: the label of an option, yes or no, or the text itself.
/// Returns `None` if the answer is blank.
///
/// `format` is applied to each text that is one value, but not to the commas between several choices or
/// tags.
pub(super) fn shown_answer(
    form: &PublicDefinition,
    parameter: &str,
    answer: &str,
    words: AnswerWords<'_>,
    format: fn(&str) -> String,
) -> Option<String> {
    let text = match field(form, parameter).map(|field| &field.kind) {
        Some(FieldKind::Flag { yes, .. }) if answer == yes.as_str() => words.yes.to_owned(),
        Some(FieldKind::Flag { .. }) => words.no.to_owned(),
        Some(FieldKind::Text { format: TextFormat::Tags, .. }) => answer.to_owned(),
        Some(kind) if !kind.options().is_empty() => labels(kind, answer, format),
        _ => format(answer),
    };
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// Returns the labels of the chosen options. An answer that is not an option is its own label.
fn labels(kind: &FieldKind, answer: &str, format: fn(&str) -> String) -> String {
    let label = |value: &str| {
        let option = kind.options().iter().find(|option| option.value == value);
        format(option.map_or(value, |option| &option.label))
    };
    kind.parts(answer).into_iter().map(label).collect::<Vec<_>>().join(", ")
}

/// Replaces commas with spaces: commas would split one answer into several tags.
fn without_commas(text: &str) -> String {
    text.replace(is_comma, " ")
}

/// Returns the question's label, or the name of a hidden value, because hidden values have no
/// label.
pub(super) fn label(form: &PublicDefinition, parameter: &str) -> String {
    field(form, parameter).map_or(parameter, |field| field.label.trim()).to_owned()
}

fn field<'a>(form: &'a PublicDefinition, parameter: &str) -> Option<&'a Field> {
    form.fields.iter().find(|field| field.parameter == parameter)
}

/// Formats a question and its answer as `Your name: Mike`. An answer with several lines begins
/// below its question.
pub(super) fn line(label: &str, answer: &str) -> String {
    let colon = if label.ends_with(['?', ':', '.', '!', '？', '：', '؟']) { "" } else { ":" };
    let separator = if answer.contains('\n') { '\n' } else { ' ' };
    format!("{label}{colon}{separator}{answer}")
}

/// Shortens the text to at most `limit` characters. `…` replaces the part that is cut off.
fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let start: String = text.chars().take(limit.saturating_sub(1)).collect();
    start + "…"
}

#[cfg(test)]
mod tests {
    use super::super::{Choice, Field, FieldKind, PublicDefinition};
    use super::*;
    use crate::values::FlagValue;

    fn form() -> PublicDefinition {
        let option = Choice { value: "s".to_owned(), label: "Small, {really}".to_owned() };
        PublicDefinition::new(
            "F",
            vec![
                Field::new("contact_name", TextFormat::SingleLine, "Your name"),
                Field::new("size", FieldKind::choice(vec![option]), "What size?"),
                Field::new("consent", FieldKind::flag(FlagValue::Two), "I agree"),
                Field::new("note", TextFormat::MultiLine, "Message"),
            ],
        )
    }

    fn first(parameters: &[&str]) -> PresetPiece {
        PresetPiece::First(parameters.iter().map(|&name| name.to_owned()).collect())
    }

    fn all() -> PresetPiece {
        PresetPiece::List(form().fields.into_iter().map(|field| field.parameter).collect())
    }

    fn text(text: &str) -> PresetPiece {
        PresetPiece::Text(text.to_owned())
    }

    #[track_caller]
    fn check(
        format: TextFormat,
        pieces: Vec<PresetPiece>,
        answers: &[(&str, &str)],
        expected: &str,
    ) {
        let answer = |name: &str| answers.iter().find(|(known, _)| *known == name).map(|a| a.1);
        let words = AnswerWords { yes: "ja", no: "nein" };
        let preset = Preset::new(format.into(), pieces);
        assert_eq!(preset.fill(&form(), answer, words, ""), expected);
    }

    #[test]
    fn inserts_the_first_answer_that_is_not_blank() {
        let pieces = || vec![text("For "), first(&["company_name", "contact_name"])];
        check(TextFormat::SingleLine, pieces(), &[("contact_name", "Mike")], "For Mike");
        let both = [("contact_name", "Mike"), ("company_name", "Acme")];
        check(TextFormat::SingleLine, pieces(), &both, "For Acme");
        let blank = [("contact_name", "Mike"), ("company_name", " ")];
        check(TextFormat::SingleLine, pieces(), &blank, "For Mike");
    }

    #[test]
    fn the_value_is_empty_if_no_question_has_an_answer() {
        check(TextFormat::SingleLine, vec![text("For "), first(&["contact_name"])], &[], "");
        check(TextFormat::MultiLine, vec![text("Answers:\n"), all()], &[], "");
    }

    #[test]
    fn lists_each_question_with_its_readable_answer() {
        let answers =
            [("contact_name", "Mike"), ("size", "s"), ("consent", "1"), ("note", "one\ntwo")];
        let expected = "Your name: Mike\r\nWhat size? Small, {really}\r\nI agree: nein\r\nMessage:\r\none\r\ntwo";
        check(TextFormat::MultiLine, vec![all()], &answers, expected);
        check(TextFormat::MultiLine, vec![all()], &[("consent", "2")], "I agree: ja");
    }

    #[test]
    fn a_comma_in_an_answer_does_not_split_a_tag() {
        let pieces = || vec![first(&["size"]), text(", "), first(&["note"])];
        let answers = [("size", "s"), ("note", "Acme, Inc.")];
        check(TextFormat::Tags, pieces(), &answers, "Small {really}, Acme Inc.");
        check(TextFormat::SingleLine, pieces(), &answers, "Small, {really}, Acme, Inc.");
    }

    #[test]
    fn does_not_expand_placeholders_inside_answers() {
        let pieces = vec![first(&["contact_name"]), text(" "), first(&["note"])];
        let answers = [("contact_name", "{note}"), ("note", "{answers}")];
        check(TextFormat::SingleLine, pieces, &answers, "{note} {answers}");
    }

    #[test]
    fn replaces_line_breaks_in_a_single_line_value() {
        check(TextFormat::SingleLine, vec![first(&["note"])], &[("note", "a\n b")], "a b");
    }

    #[test]
    fn a_missing_answer_leaves_no_empty_lines() {
        let pieces = || vec![first(&["note"]), text("\n\n"), first(&["size"]), text("\n\nend")];
        check(
            TextFormat::MultiLine,
            pieces(),
            &[("note", "a\r\n\n\nb")],
            "a\r\n\r\n\r\nb\r\n\r\nend",
        );
        check(TextFormat::MultiLine, pieces(), &[("size", "s")], "Small, {really}\r\n\r\nend");
    }

    #[test]
    fn shortens_a_value_that_is_too_long() {
        let long = "ä".repeat(2_000);
        let expected = format!("{}…", "ä".repeat(999));
        check(TextFormat::SingleLine, vec![first(&["note"])], &[("note", &long)], &expected);
    }
}
