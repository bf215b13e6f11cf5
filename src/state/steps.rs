//! The steps of a form, and the current step.

use std::cmp::Ordering;

use deal_contract::definition::PublicDefinition;

use super::Tracked;

/// The step of each question, and the current step. A form without steps is treated as one step.
#[derive(Debug)]
pub(crate) struct Steps {
    /// The step of each question.
    of_field: Vec<usize>,
    count: usize,
    pub(crate) current: Tracked<usize>,
}

/// The visitor's position among the steps that have questions to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    /// The index of the current step among all steps.
    pub(crate) step: usize,
    /// The number of the current step, from 1, among the steps that have questions to ask.
    pub(crate) number: usize,
    /// The number of steps that have questions to ask.
    pub(crate) count: usize,
    pub(crate) previous: Option<usize>,
    pub(crate) next: Option<usize>,
}

impl Steps {
    pub(crate) fn new(definition: &PublicDefinition) -> Self {
        let step_of = |parameter: &String| {
            definition.steps.iter().position(|step| step.fields.contains(parameter))
        };
        let fields = definition.fields.iter();
        // A question that no step lists is in the first step, where the visitor cannot miss it.
        let of_field = fields.map(|field| step_of(&field.parameter).unwrap_or(0)).collect();
        let count = definition.steps.len().max(1);
        Self { of_field, count, current: Tracked::new(0) }
    }

    /// Goes to this step, or to the last step if this step does not exist.
    pub(crate) fn go_to(&self, step: usize) {
        self.current.set(step.min(self.count.saturating_sub(1)));
    }

    /// Returns the step of the question with this index.
    pub(crate) fn of_field(&self, index: usize) -> usize {
        self.of_field.get(index).copied().unwrap_or(0)
    }

    /// Returns the visitor's position if these questions are asked. Within an effect, this tracks
    /// the step.
    pub(crate) fn position(&self, asked: &[bool]) -> Position {
        let step = self.current.get();
        let mut position = Position { step, number: 0, count: 0, previous: None, next: None };
        for other in 0..self.count {
            let mut fields = self.of_field.iter().zip(asked);
            if other != step && !fields.any(|(&of_field, &asked)| asked && of_field == other) {
                continue;
            }
            position.count += 1;
            match other.cmp(&step) {
                Ordering::Less => position.previous = Some(other),
                Ordering::Equal => position.number = position.count,
                Ordering::Greater => {
                    position.next.get_or_insert(other);
                }
            }
        }
        position
    }
}

#[cfg(test)]
mod tests {
    use deal_contract::definition::{Field, PublicDefinition, Step};
    use deal_contract::kind::TextFormat;

    use super::Steps;

    fn steps() -> Steps {
        let field = |name| Field::new(name, TextFormat::SingleLine, name);
        let mut form = PublicDefinition::new("F", ["a", "b", "c"].map(field).into());
        form.steps = ["a", "b", "c"]
            .map(|name| Step {
                title: name.to_owned(),
                fields: vec![name.to_owned()],
                show_when: None,
            })
            .into();
        Steps::new(&form)
    }

    #[test]
    fn skips_a_step_without_questions_to_ask() {
        let steps = steps();
        let position = steps.position(&[true, false, true]);
        assert_eq!(
            (position.number, position.count, position.previous, position.next),
            (1, 2, None, Some(2))
        );
        steps.current.set(2);
        let position = steps.position(&[true, false, true]);
        assert_eq!(
            (position.number, position.count, position.previous, position.next),
            (2, 2, Some(0), None)
        );
    }

    #[test]
    fn treats_a_form_without_steps_as_one_step() {
        let form = PublicDefinition::new("F", vec![Field::new("a", TextFormat::SingleLine, "A")]);
        let position = Steps::new(&form).position(&[true]);
        assert_eq!((position.count, position.previous, position.next), (1, None, None));
    }
}
