//! Writes the sentence that says when a question applies or needs an answer. A page without scripts
//! needs the sentence, because the page cannot hide or require the question itself.

use deal_contract::definition::{Condition, Field, FieldKind, Test};
use deal_contract::kind::{Kind, TextFormat};
use deal_contract::messages::PageMessageKey;
use deal_contract::problem::Language;

use crate::PlainForm;

impl PlainForm<'_> {
    /// Returns the sentence that says when a question or a step applies.
    pub(crate) fn only_if(&self, condition: &Condition) -> String {
        self.sentence(PageMessageKey::OnlyIf, condition)
    }

    /// Returns the sentence that says when a question needs an answer.
    pub(crate) fn required_if(&self, condition: &Condition) -> String {
        self.sentence(PageMessageKey::RequiredIf, condition)
    }

    fn sentence(&self, key: PageMessageKey, condition: &Condition) -> String {
        let condition = self.condition(condition, false);
        let sentence = self.localizer.fill(key, &[("condition", &condition)]);
        // Add a full stop, unless the last answer ends with one.
        if sentence.ends_with('.') { sentence } else { sentence + "." }
    }

    /// Writes the condition in words, without a full stop. `is_part` is true if the condition is
    /// part of another condition.
    fn condition(&self, condition: &Condition, is_part: bool) -> String {
        let (key, conditions) = match condition {
            Condition::All(conditions) => (PageMessageKey::And, conditions),
            Condition::Any(conditions) => (PageMessageKey::Or, conditions),
            Condition::Answer { parameter, test } => return self.test(parameter, test),
        };
        let is_group = conditions.len() > 1;
        let parts = conditions.iter().map(|part| self.condition(part, is_group));
        let joined = parts.reduce(|first, second| {
            self.localizer.fill(key, &[("first", &first), ("second", &second)])
        });
        let joined = joined.unwrap_or_default();
        if is_part && is_group { format!("({joined})") } else { joined }
    }

    fn test(&self, parameter: &str, test: &Test) -> String {
        let Some(field) = self.public.field(parameter) else { return String::new() };
        let is_day = matches!(field.kind, FieldKind::Date { .. });
        let (key, value) = match test {
            Test::Is(answers) => (PageMessageKey::ConditionIs, self.answers(field, answers)),
            Test::IsNot(answers) => (PageMessageKey::ConditionIsNot, self.answers(field, answers)),
            Test::Filled(true) => (PageMessageKey::ConditionFilled, String::new()),
            Test::Filled(false) => (PageMessageKey::ConditionEmpty, String::new()),
            Test::AtLeast(day) if is_day => {
                (PageMessageKey::ConditionFrom, self.answer(field, day))
            }
            Test::AtMost(day) if is_day => {
                (PageMessageKey::ConditionUntil, self.answer(field, day))
            }
            Test::AtLeast(least) => (PageMessageKey::ConditionAtLeast, self.answer(field, least)),
            Test::AtMost(most) => (PageMessageKey::ConditionAtMost, self.answer(field, most)),
        };
        self.localizer.fill(key, &[("label", &field.label), ("value", &value)])
    }

    fn answers(&self, field: &Field, answers: &[String]) -> String {
        let answers: Vec<String> = answers.iter().map(|value| self.answer(field, value)).collect();
        answers.join(" / ")
    }

    /// Returns the answer as the visitor sees it.
    fn answer(&self, field: &Field, value: &str) -> String {
        match &field.kind {
            FieldKind::Flag { yes, .. } if value == yes.as_str() => {
                self.localizer.say(PageMessageKey::Yes)
            }
            FieldKind::Flag { .. } => self.localizer.say(PageMessageKey::No),
            FieldKind::Choice { options, .. } | FieldKind::Choices { options, .. } => {
                let choice = options.iter().find(|choice| choice.value == *value);
                choice.map_or_else(|| value.to_owned(), |choice| choice.label.clone())
            }
            FieldKind::Date { .. } => {
                value.parse().map_or_else(|_| value.to_owned(), |day| self.localizer.day(day))
            }
            kind if kind.kind() == Kind::Text(TextFormat::Amount) => self.localizer.number(value),
            _ => value.to_owned(),
        }
    }
}
