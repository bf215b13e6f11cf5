//! Decides whether an answer passes a condition's test.

use super::condition::Test;
use super::field::Field;
use super::kind::FieldKind;
use crate::kind::{Kind, TextFormat};
use crate::values::{Amount, CalendarDate, Decimal};

impl Test {
    /// Returns whether the answer to this question passes the test. `answer` is `None` if the
    /// question is not shown.
    pub(super) fn passes(&self, field: &Field, answer: Option<&str>) -> bool {
        let answer = answer.map(str::trim);
        let answer = match (answer, &field.kind) {
            // A checkbox that is not ticked means no.
            (Some(""), FieldKind::Flag { yes, .. }) => yes.other().as_str(),
            (answer, _) => answer.unwrap_or_default(),
        };
        match self {
            Self::Is(values) => is_one_of(field, answer, values),
            Self::IsNot(values) => !is_one_of(field, answer, values),
            Self::Filled(filled) => answer.is_empty() != *filled,
            Self::AtLeast(least) => is_in_order(field, least, answer),
            Self::AtMost(most) => is_in_order(field, answer, most),
        }
    }
}

/// Returns whether the answer, or one of several choices, is one of the values. Amounts are
/// compared as numbers: 1.250,00 is 1250.
fn is_one_of(field: &Field, answer: &str, values: &[String]) -> bool {
    field.kind.parts(answer).into_iter().any(|part| is_value(field, part, values))
}

fn is_value(field: &Field, answer: &str, values: &[String]) -> bool {
    let is_amount = is_amount(field);
    !answer.is_empty()
        && values.iter().any(|value| {
            value == answer
                || is_amount && amount(answer).is_some_and(|it| Some(it) == amount(value))
        })
}

fn is_amount(field: &Field) -> bool {
    field.kind.kind() == Kind::Text(TextFormat::Amount)
}

fn amount(text: &str) -> Option<Decimal> {
    text.parse::<Amount>().ok()?.number()
}

/// Returns whether `first` is at most `second`. Returns false if one of the two cannot be compared.
pub(crate) fn is_in_order(field: &Field, first: &str, second: &str) -> bool {
    match &field.kind {
        FieldKind::Date { .. } => {
            let day = |text: &str| text.parse::<CalendarDate>().ok();
            day(first).zip(day(second)).is_some_and(|(first, second)| first <= second)
        }
        _ => amount(first).zip(amount(second)).is_some_and(|(first, second)| first <= second),
    }
}
