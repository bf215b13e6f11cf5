//! The parts in which a form is asked, and which one is on the page.

use std::cmp::Ordering;

use deal_contract::definition::PublicDefinition;

use super::Tracked;

/// Where each question belongs, and the step on the page. A form without steps has one.
#[derive(Debug)]
pub(crate) struct Steps {
    /// For each question the step that it is in.
    of_field: Vec<usize>,
    count: usize,
    pub(crate) current: Tracked<usize>,
}

/// Where the visitor is among the steps that ask anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The step, from 0, among all.
    pub(crate) step: usize,
    /// Its place, from 1, among those that ask something.
    pub(crate) number: usize,
    /// How many ask something.
    pub(crate) count: usize,
    pub(crate) before: Option<usize>,
    pub(crate) after: Option<usize>,
}

impl Steps {
    pub(crate) fn new(definition: &PublicDefinition) -> Self {
        let step_of = |parameter: &String| {
            definition.steps.iter().position(|step| step.fields.contains(parameter))
        };
        let fields = definition.fields.iter();
        // A question that no step names stands in the first one, where it cannot be missed.
        let of_field = fields.map(|field| step_of(&field.parameter).unwrap_or(0)).collect();
        let count = definition.steps.len().max(1);
        Self { of_field, count, current: Tracked::new(0) }
    }

    /// Goes to that step, or to the last where there are fewer.
    pub(crate) fn go_to(&self, step: usize) {
        self.current.set(step.min(self.count.saturating_sub(1)));
    }

    /// The step of the question at that index.
    pub(crate) fn of_field(&self, index: usize) -> usize {
        self.of_field.get(index).copied().unwrap_or(0)
    }

    /// Where the visitor is, if these questions are asked. Follows the step within an effect.
    pub(crate) fn place(&self, asked: &[bool]) -> Place {
        let step = self.current.get();
        let mut place = Place { step, number: 0, count: 0, before: None, after: None };
        for other in 0..self.count {
            let mut fields = self.of_field.iter().zip(asked);
            if other != step && !fields.any(|(&of_field, &asked)| asked && of_field == other) {
                continue;
            }
            place.count += 1;
            match other.cmp(&step) {
                Ordering::Less => place.before = Some(other),
                Ordering::Equal => place.number = place.count,
                Ordering::Greater => {
                    place.after.get_or_insert(other);
                }
            }
        }
        place
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
            .map(|name| Step { title: name.to_owned(), fields: vec![name.to_owned()] })
            .into();
        Steps::new(&form)
    }

    #[test]
    fn a_step_that_asks_nothing_is_passed_over() {
        let steps = steps();
        let place = steps.place(&[true, false, true]);
        assert_eq!((place.number, place.count, place.before, place.after), (1, 2, None, Some(2)));
        steps.current.set(2);
        let place = steps.place(&[true, false, true]);
        assert_eq!((place.number, place.count, place.before, place.after), (2, 2, Some(0), None));
    }

    #[test]
    fn a_form_without_steps_has_one() {
        let form = PublicDefinition::new("F", vec![Field::new("a", TextFormat::SingleLine, "A")]);
        let place = Steps::new(&form).place(&[true]);
        assert_eq!((place.count, place.before, place.after), (1, None, None));
    }
}
