//! The `options` of a choice.

use super::reader::{Reader, Table};
use super::target::Target;
use super::tree::{Node, Value};
use crate::definition::Choice;
use crate::kind::Kind;
use crate::normalize;
use crate::parameter::ParameterKind;
use crate::values::choices::OTHER;
use crate::values::{Resolution, is_comma};

pub(super) fn read(
    reader: &mut Reader<'_>,
    table: &mut Table,
    kind: Option<Kind>,
    target: Option<&Target>,
) -> Vec<Choice> {
    let node = table.take("options");
    let resolution = target.is_some_and(|target| target.row.kind == ParameterKind::Resolution);
    match (kind, node) {
        (Some(Kind::Choice), None) if resolution => Resolution::ALL
            .map(|value| Choice { value: value.to_string(), label: capitalized(value.as_str()) })
            .into(),
        (Some(Kind::Choice | Kind::Choices), None) => {
            table.report_missing(
                reader,
                "options",
                "the options, such as options = [\"Yes\", \"No\"]",
            );
            Vec::new()
        }
        (
            Some(kind @ (Kind::Choice | Kind::Choices)),
            Some(Node { at, value: Value::List(items) }),
        ) => {
            let mut options: Vec<Choice> = Vec::new();
            for item in items {
                let at = item.at;
                let Some(choice) = read_option(reader, item) else { continue };
                if options.iter().any(|other| other.value == choice.value) {
                    reader.report(
                        at,
                        format!("the option `{}` is listed twice; remove one", choice.value),
                    );
                } else if let Some(message) = reserved(kind, &choice.value) {
                    reader.report(at, message);
                } else if resolution && choice.value.parse::<Resolution>().is_err() {
                    let message = format!(
                        "unknown resolution `{}`; use open, closed, won or lost",
                        choice.value
                    );
                    reader.report(at, message);
                } else {
                    options.push(choice);
                }
            }
            if options.is_empty() {
                reader
                    .report(at, "`options` is empty; write the options, such as [\"Yes\", \"No\"]");
            }
            options
        }
        (Some(Kind::Choice | Kind::Choices), Some(node)) => {
            reader.report(node.at, "`options` takes a list, such as [\"Yes\", \"No\"]");
            Vec::new()
        }
        (Some(kind), Some(node)) => {
            let message = format!(
                "a field of kind `{}` cannot have options; remove them or write kind = \"choice\" or \"choices\"",
                kind.as_str()
            );
            reader.report(node.at, message);
            Vec::new()
        }
        (_, None) | (None, Some(_)) => Vec::new(),
    }
}

/// Returns why an option cannot have this value, or `None` if it can.
fn reserved(kind: Kind, value: &str) -> Option<String> {
    if kind == Kind::Choices && value.contains(is_comma) {
        return Some(format!(
            "the option `{value}` contains a comma, which separates several answers; write \
             {{ value = \"…\", label = \"{value}\" }} with a value without a comma"
        ));
    }
    (value == OTHER).then(|| format!("`{OTHER}` has another meaning; choose another value"))
}

/// Reads an option: `"A"`, or `{ value = "a", label = "A" }`.
fn read_option(reader: &mut Reader<'_>, node: Node) -> Option<Choice> {
    if let Value::Text(text) = &node.value
        && !text.trim().is_empty()
    {
        return Some(Choice { value: normalize::line(text), label: text.clone() });
    }
    if !matches!(node.value, Value::Table(_)) {
        reader.report(node.at, "an option is text in quotes, or { value = \"a\", label = \"A\" }");
        return None;
    }
    let mut table = Table::open(reader, node, "an option")?;
    let value = table.take_text(reader, "value");
    let label = table.take_text(reader, "label");
    if value.is_none() {
        table.report_missing(reader, "value", "the value to send, such as value = \"a\"");
    }
    table.close(reader);
    let value = value?;
    // Answers are normalized before they are compared with the options.
    Some(Choice { value: normalize::line(&value), label: label.unwrap_or(value) })
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
