//! The tests of a condition: `is`, `is_not`, `filled`, `at_least`, `at_most`.

use super::reader::{Reader, Table, suggestion};
use super::tree::{Node, Position, Value};
use crate::check::check_without_day;
use crate::definition::{Choice, Field, FieldKind, Test, is_in_order};
use crate::kind::{Kind, TextFormat};
use crate::normalize::{DateNotation, normalize};
use crate::values::{CalendarDate, Decimal, PositiveId};

const NAMES: [&str; 5] = ["is", "is_not", "filled", "at_least", "at_most"];

/// A test, with the parameter of its question and the author's name for the test.
pub(super) struct LocatedTest {
    pub(super) parameter: String,
    pub(super) name: &'static str,
    pub(super) test: Test,
}

/// Takes the tests from a table.
pub(super) fn take_all(table: &mut Table) -> Vec<(&'static str, Node)> {
    NAMES.into_iter().filter_map(|name| Some((name, table.take(name)?))).collect()
}

/// Reads the test with this name for the answer to this question.
pub(super) fn read(
    reader: &mut Reader<'_>,
    field: &Field,
    name: &'static str,
    node: Node,
) -> Option<Test> {
    let (parameter, kind) = (&field.parameter, field.kind.kind());
    let report_unfit = |reader: &mut Reader<'_>, at, instead: &str| {
        let kind = kind.as_str();
        let message =
            format!("`{name}` cannot test `{parameter}`, which has the kind `{kind}`; {instead}");
        reader.report(at, message);
        None
    };
    match name {
        "is" | "is_not" => {
            if kind == Kind::Text(TextFormat::MultiLine) {
                return report_unfit(reader, node.at, "write filled = true or filled = false");
            }
            let answers = read_answers(reader, field, name, node)?;
            Some(if name == "is" { Test::Is(answers) } else { Test::IsNot(answers) })
        }
        "filled" => {
            if kind == Kind::Flag {
                return report_unfit(reader, node.at, "write is = true or is = false");
            }
            let Value::Boolean(filled) = node.value else {
                reader.report(node.at, "`filled` takes true or false, without quotes");
                return None;
            };
            Some(Test::Filled(filled))
        }
        _ => {
            if !is_ordered(field) {
                return report_unfit(reader, node.at, "use a field of kind amount, id or date");
            }
            let limit = read_ordered(reader, field, name, &node)?;
            Some(if name == "at_least" { Test::AtLeast(limit) } else { Test::AtMost(limit) })
        }
    }
}

/// Reads answers in the form in which they are sent: for a flag, `true` becomes 1 or 2.
fn read_answers(
    reader: &mut Reader<'_>,
    field: &Field,
    name: &str,
    node: Node,
) -> Option<Vec<String>> {
    let nodes = match node.value {
        Value::List(items) if items.is_empty() => {
            reader.report(node.at, format!("`{name}` is empty; write an answer"));
            return None;
        }
        Value::List(items) => items,
        value => vec![Node { at: node.at, value }],
    };
    nodes.into_iter().map(|node| read_answer(reader, field, name, node)).collect()
}

fn read_answer(reader: &mut Reader<'_>, field: &Field, name: &str, node: Node) -> Option<String> {
    if is_ordered(field) {
        return read_ordered(reader, field, name, &node);
    }
    let parameter = &field.parameter;
    match (node.value, &field.kind) {
        (Value::Boolean(ticked), FieldKind::Flag { yes, .. }) => {
            Some(if ticked { *yes } else { yes.other() }.to_string())
        }
        (_, FieldKind::Flag { .. }) => {
            let message = format!("`{parameter}` is a flag: `{name}` takes true or false");
            reader.report(node.at, message);
            None
        }
        (
            Value::Text(text),
            FieldKind::Choice { options, .. } | FieldKind::Choices { options, .. },
        ) if !text.trim().is_empty() => {
            check_option(reader, node.at, parameter, options, &text);
            Some(text)
        }
        (Value::Text(text), _) if !text.trim().is_empty() => {
            let answer = normalize(field, &text, DateNotation::of("en"), |_| None);
            if let Some(problem) = check_without_day(field, &answer) {
                let sentence = problem.sentence();
                let message = format!("`{text}` is not an answer to `{parameter}`: {sentence}");
                reader.report(node.at, message);
            }
            Some(answer)
        }
        _ => {
            reader.report(
                node.at,
                format!("`{name}` takes an answer in quotes, or a list of answers"),
            );
            None
        }
    }
}

fn check_option(
    reader: &mut Reader<'_>,
    at: Position,
    name: &str,
    options: &[Choice],
    value: &str,
) {
    let values: Vec<&str> = options.iter().map(|option| option.value.as_str()).collect();
    // A choice without options is already reported as another mistake.
    if !values.is_empty() && !values.contains(&value) {
        let hint = suggestion(value, &values);
        reader.report(at, format!("`{value}` is not an option of `{name}`; {hint}"));
    }
}

/// Returns whether answers have an order, so that one answer can be greater than another.
fn is_ordered(field: &Field) -> bool {
    let kind = field.kind.kind();
    matches!(kind, Kind::Date | Kind::Text(TextFormat::Amount | TextFormat::Id))
}

/// Reads an amount, a number or a day in the form that conditions compare.
fn read_ordered(reader: &mut Reader<'_>, field: &Field, name: &str, node: &Node) -> Option<String> {
    let text = match &node.value {
        Value::Text(text) | Value::Bare(text) => text.trim(),
        _ => "",
    };
    let (read, what) = match field.kind.kind() {
        Kind::Date => (
            text.parse::<CalendarDate>().ok().map(|day| day.to_string()),
            "a day, such as 2026-01-31",
        ),
        Kind::Text(TextFormat::Id) => (
            text.parse::<PositiveId>().ok().map(|id| id.to_string()),
            "a whole number above zero, such as 5",
        ),
        _ => (
            text.parse::<Decimal>().ok().map(|number| number.to_string()),
            "an amount in digits, such as 10000 or 99.95",
        ),
    };
    if read.is_none() {
        reader.report(node.at, format!("`{name}` takes {what}"));
    }
    read
}

impl LocatedTest {
    /// Returns whether no answer to the question passes both tests.
    pub(super) fn contradicts(&self, other: &Self, field: &Field) -> bool {
        self.parameter == other.parameter
            && (excludes(&self.test, &other.test, field)
                || excludes(&other.test, &self.test, field))
    }
}

fn excludes(one: &Test, other: &Test, field: &Field) -> bool {
    match (one, other) {
        // An answer with several choices can pass both tests.
        (Test::Is(_), Test::Is(_)) if field.kind.kind() == Kind::Choices => false,
        (Test::Is(values), Test::Is(others)) => values.iter().all(|value| !others.contains(value)),
        (Test::Is(values), Test::IsNot(others)) => {
            values.iter().all(|value| others.contains(value))
        }
        (Test::Is(values), Test::AtLeast(least)) => {
            !values.iter().any(|value| is_in_order(field, least, value))
        }
        (Test::Is(values), Test::AtMost(most)) => {
            !values.iter().any(|value| is_in_order(field, value, most))
        }
        (
            Test::Filled(false),
            Test::Is(_) | Test::AtLeast(_) | Test::AtMost(_) | Test::Filled(true),
        ) => true,
        (Test::AtLeast(least), Test::AtMost(most)) => !is_in_order(field, least, most),
        _ => false,
    }
}
