use serde::Serialize;

use super::{Condition, Field, Hidden, Proof, QuestionState, RichText, Success};
use crate::parameter;

/// The public half of a form: everything that the page needs to render and check it.
///
/// ```
/// use deal_contract::definition::PublicDefinition;
///
/// let form: PublicDefinition = serde_json::from_str(
///     r#"{"title": "Call me back", "fields": [
///         {"parameter": "contact_phone", "kind": "phone", "label": "Phone", "required": true}
///     ]}"#,
/// )?;
/// assert_eq!(&*form.fields[0].label, "Phone");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicDefinition {
    /// The language of the author's text, as a tag such as `de` or `pt-BR` (BCP 47).
    pub lang: Option<String>,
    /// The heading.
    pub title: String,
    /// The text below the heading.
    pub intro: Option<RichText>,
    /// The label of the button that sends the form.
    pub submit_label: Option<String>,
    /// The text that the form shows when the deal is in the CRM.
    pub success_message: Option<RichText>,
    /// What else happens when the submission has arrived.
    pub success: Success,
    /// The author's own wording of messages, by their keys in a
    /// [catalog](crate::messages::Catalog).
    pub texts: Vec<(String, String)>,
    /// The questions, in the order in which the form shows them.
    pub fields: Vec<Field>,
    /// The steps. The list is empty if the form shows all questions at once.
    pub steps: Vec<Step>,
    /// The values that the page gives.
    pub hidden: Vec<Hidden>,
    /// The proofs that the page must send with the answers.
    pub proof: Proof,
}

/// A group of questions that are shown together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The heading.
    pub title: String,
    /// The parameters of the questions, in the form's order.
    pub fields: Vec<String>,
    /// The condition under which the step is shown. Without a condition, it is always shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_when: Option<Condition>,
}

impl PublicDefinition {
    /// Creates a form with these questions and the default messages.
    pub fn new(title: &str, fields: Vec<Field>) -> Self {
        Self {
            lang: None,
            title: title.to_owned(),
            intro: None,
            submit_label: None,
            success_message: None,
            success: Success::DEFAULT,
            texts: Vec::new(),
            fields,
            steps: Vec::new(),
            hidden: Vec::new(),
            proof: Proof::default(),
        }
    }

    /// Returns the question whose answer is sent under this name.
    pub fn field(&self, parameter: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.parameter == parameter)
    }

    /// Returns whether the form accepts text under this name.
    pub fn takes_text(&self, parameter: &str) -> bool {
        self.field(parameter).is_some_and(|field| !field.takes_files())
            || self.hidden.iter().any(|hidden| hidden.parameter == parameter)
    }

    /// Returns whether the question or its step is shown only under a condition.
    pub fn is_conditional(&self, field: &Field) -> bool {
        let mut steps = self.steps.iter();
        let step = steps.find(|step| step.fields.contains(&field.parameter));
        field.show_when.is_some() || step.is_some_and(|step| step.show_when.is_some())
    }

    /// Returns the initial answers for a page without scripts. Questions with a condition have no
    /// initial answer, because such a page would send the answer even if the condition is not met.
    pub fn plain_defaults(&self) -> Vec<(String, String)> {
        let fields = self.fields.iter().filter(|field| !self.is_conditional(field));
        let default = |field: &Field| Some((field.parameter.clone(), field.default.clone()?));
        fields.filter_map(default).collect()
    }

    /// Returns the custom fields of the questions and hidden values.
    pub fn custom_fields(&self) -> impl Iterator<Item = &str> {
        let hidden = self.hidden.iter().map(|hidden| &hidden.parameter);
        let names = self.fields.iter().map(|field| &field.parameter).chain(hidden);
        names.map(String::as_str).filter(|name| parameter::find(name).is_none())
    }

    /// Returns the state of each question, in the form's order. `answer` returns the
    /// [normalized](crate::normalize) answer to a question.
    ///
    /// A question that is not shown has no answer. A condition that is not about an earlier
    /// question is treated as met, so that a mistake in a definition does not hide a question.
    pub fn states(&self, answer: &dyn Fn(&str) -> String) -> Vec<QuestionState> {
        let mut states = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            let is_met = |condition: &Option<Condition>| {
                condition.as_ref().is_none_or(|when| self.is_met(when, &states, answer))
            };
            let step = self.steps.iter().find(|step| step.fields.contains(&field.parameter));
            let is_shown =
                is_met(&field.show_when) && step.is_none_or(|step| is_met(&step.show_when));
            let is_required =
                field.required || field.required_when.is_some() && is_met(&field.required_when);
            states.push(match (is_shown, is_required) {
                (false, _) => QuestionState::Hidden,
                (true, false) => QuestionState::Optional,
                (true, true) => QuestionState::Required,
            });
        }
        states
    }

    /// Returns whether a condition is met when the first questions have these states.
    pub(super) fn is_met(
        &self,
        condition: &Condition,
        states: &[QuestionState],
        answer: &dyn Fn(&str) -> String,
    ) -> bool {
        condition.is_met(&|parameter, test| {
            let mut earlier = self.fields.iter().zip(states);
            let found = earlier.find(|(field, _)| field.parameter == parameter);
            found.is_none_or(|(field, state)| {
                let answer = state.is_shown().then(|| answer(parameter));
                test.passes(field, answer.as_deref())
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{FieldKind, Test};
    use crate::kind::TextFormat;
    use crate::values::FlagValue;

    fn field(parameter: &str, kind: impl Into<FieldKind>, show_when: Option<Condition>) -> Field {
        Field { show_when, ..Field::new(parameter, kind, parameter) }
    }

    fn text(parameter: &str, show_when: Option<Condition>) -> Field {
        field(parameter, TextFormat::SingleLine, show_when)
    }

    fn is(parameter: &str, answers: &[&str]) -> Condition {
        Condition::is(parameter, answers)
    }

    fn test(parameter: &str, test: Test) -> Condition {
        Condition::Answer { parameter: parameter.to_owned(), test }
    }

    fn states(form: &PublicDefinition, answers: &[(&str, &str)]) -> Vec<QuestionState> {
        form.states(&|name| {
            let found = answers.iter().find(|(known, _)| *known == name);
            found.map_or_else(String::new, |(_, answer)| (*answer).to_owned())
        })
    }

    fn shown(fields: Vec<Field>, answers: &[(&str, &str)]) -> Vec<bool> {
        let form = PublicDefinition::new("F", fields);
        states(&form, answers).into_iter().map(QuestionState::is_shown).collect()
    }

    /// Checks whether the answer to a question of this kind passes the test, so that the next
    /// question is shown.
    #[track_caller]
    fn check(kind: impl Into<FieldKind>, answer: &str, passes: Test, expected: bool) {
        let fields = vec![field("a", kind, None), text("b", Some(test("a", passes.clone())))];
        assert_eq!(shown(fields, &[("a", answer)]), [true, expected], "{answer}: {passes:?}");
    }

    #[test]
    fn shows_a_question_when_its_condition_is_met() {
        let fields = || {
            vec![
                text("a", None),
                text("b", Some(is("a", &["x", "y"]))),
                text("c", Some(is("b", &["z"]))),
            ]
        };
        assert_eq!(shown(fields(), &[]), [true, false, false]);
        assert_eq!(shown(fields(), &[("a", " y ")]), [true, true, false]);
        assert_eq!(shown(fields(), &[("a", "x"), ("b", "z")]), [true, true, true]);
        // The answer to a hidden question is ignored.
        assert_eq!(shown(fields(), &[("a", "no"), ("b", "z")]), [true, false, false]);
    }

    #[test]
    fn treats_an_unticked_checkbox_as_no() {
        let flag = || FieldKind::flag(FlagValue::Two);
        let is = |answer: &str| Test::Is(vec![answer.to_owned()]);
        check(flag(), "", is("1"), true);
        check(flag(), "", is("2"), false);
        check(flag(), "2", is("2"), true);
    }

    #[test]
    fn tests_for_a_different_answer_and_for_any_answer() {
        let not = |answer: &str| Test::IsNot(vec![answer.to_owned()]);
        check(TextFormat::SingleLine, "x", not("x"), false);
        check(TextFormat::SingleLine, "y", not("x"), true);
        check(TextFormat::SingleLine, "", not("x"), true);
        check(TextFormat::MultiLine, "one\ntwo", Test::Filled(true), true);
        check(TextFormat::MultiLine, " \n", Test::Filled(true), false);
        check(TextFormat::MultiLine, " \n", Test::Filled(false), true);
    }

    #[test]
    fn compares_amounts_numbers_and_days_exactly() {
        let least = |limit: &str| Test::AtLeast(limit.to_owned());
        let most = |limit: &str| Test::AtMost(limit.to_owned());
        check(TextFormat::Amount, "10.000", least("10000"), true);
        check(TextFormat::Amount, "9.999,99", least("10000"), false);
        check(TextFormat::Amount, "10 000,01", most("10000"), false);
        check(TextFormat::Amount, "1.2.3", most("10000"), false);
        check(TextFormat::Amount, "", most("10000"), false);
        check(TextFormat::Amount, "1.250,00", Test::Is(vec!["1250".to_owned()]), true);
        check(TextFormat::Id, "9", least("10"), false);
        check(TextFormat::Id, "9223372036854775807", least("9223372036854775806"), true);
        check(FieldKind::DATE, "2026-02-01", least("2026-01-31"), true);
        check(FieldKind::DATE, "2026-02-01", most("2026-01-31"), false);
        check(FieldKind::DATE, "1.2.2026", least("2026-01-31"), false);
    }

    #[test]
    fn a_hidden_question_has_no_answer() {
        let hidden = |kind: FieldKind, passes: Test| {
            let fields = vec![
                text("a", None),
                field("b", kind, Some(is("a", &["x"]))),
                text("c", Some(test("b", passes))),
            ];
            shown(fields, &[("b", "1")])[2]
        };
        let one = || vec!["1".to_owned()];
        let flag = || FieldKind::flag(FlagValue::Two);
        assert!(!hidden(flag(), Test::Is(one())));
        assert!(hidden(flag(), Test::IsNot(one())));
        assert!(hidden(TextFormat::Id.into(), Test::Filled(false)));
        assert!(!hidden(TextFormat::Id.into(), Test::AtLeast("1".to_owned())));
    }

    #[test]
    fn combines_conditions() {
        let both = |all: fn(Vec<Condition>) -> Condition| {
            let conditions = vec![Condition::is("a", &["x"]), Condition::is("b", &["x"])];
            move |answers: &[(&str, &str)]| {
                let last = text("c", Some(all(conditions.clone())));
                shown(vec![text("a", None), text("b", None), last], answers)[2]
            }
        };
        let (all, any) = (both(Condition::All), both(Condition::Any));
        for (answers, all_met, any_met) in [
            (&[][..], false, false),
            (&[("a", "x")], false, true),
            (&[("a", "x"), ("b", "x")], true, true),
        ] {
            assert_eq!((all(answers), any(answers)), (all_met, any_met), "{answers:?}");
        }
    }

    #[test]
    fn requires_an_answer_only_while_the_condition_is_met() {
        let mut last = text("b", None);
        last.required_when = Some(is("a", &["x"]));
        let form = PublicDefinition::new("F", vec![text("a", None), last]);
        let last = |answer| states(&form, &[("a", answer)])[1];
        assert_eq!(last("x"), QuestionState::Required);
        assert_eq!(last("y"), QuestionState::Optional);
    }

    #[test]
    fn hides_the_questions_of_a_hidden_step() {
        let step = |name: &str, show_when| Step {
            title: name.to_owned(),
            fields: vec![name.to_owned()],
            show_when,
        };
        let fields = vec![text("a", None), text("b", None), text("c", Some(is("b", &["x"])))];
        let mut form = PublicDefinition::new("F", fields);
        form.steps = vec![step("a", None), step("b", Some(is("a", &["x"]))), step("c", None)];
        let shown = |answers: &[(&str, &str)]| {
            states(&form, answers).into_iter().map(QuestionState::is_shown).collect::<Vec<_>>()
        };
        assert_eq!(shown(&[("b", "x")]), [true, false, false]);
        assert_eq!(shown(&[("a", "x"), ("b", "x")]), [true, true, true]);
    }

    #[test]
    fn shows_a_question_whose_condition_does_not_name_an_earlier_question() {
        let fields = vec![
            text("a", Some(is("c", &["x"]))),
            text("b", Some(is("b", &["x"]))),
            text("c", Some(is("nowhere", &["x"]))),
        ];
        assert_eq!(shown(fields, &[]), [true, true, true]);
    }
}
