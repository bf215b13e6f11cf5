//! The `show_when` of a field.

use super::parsed_fields::ParsedFields;
use super::reader::{Located, Reader, Table, suggestion};
use super::tree::{Node, Position, Value};
use crate::definition::{Choice, Condition, Field, FieldKind};
use crate::kind::{Kind, TextFormat};

pub(super) fn read(
    reader: &mut Reader<'_>,
    field: &mut Table,
    earlier: &ParsedFields,
) -> Option<Condition> {
    let node = field.take("show_when")?;
    let mut table = Table::open(reader, node, "show_when")?;
    let controlling = read_controlling(reader, &mut table);
    let is = table.take("is");
    if is.is_none() {
        table.report_missing(
            reader,
            "is",
            "the answer for which the field is shown, such as is = \"shop\"",
        );
    }
    table.close(reader);

    let Located { at, value: name } = controlling?;
    let Some(controlling) = earlier.find(&name) else {
        let problem = format!("`{name}` is not an earlier field");
        earlier.report_unknown(reader, at, &name, &problem);
        return None;
    };
    if matches!(controlling.kind.kind(), Kind::Text(TextFormat::MultiLine) | Kind::Attachments) {
        let kind = controlling.kind.kind().as_str();
        let message = format!(
            "a condition cannot use `{name}`, which has the kind `{kind}`; use a field with a one-line answer"
        );
        reader.report(at, message);
        return None;
    }
    Some(Condition { is: read_answers(reader, controlling, is?), parameter: name })
}

fn read_controlling(reader: &mut Reader<'_>, table: &mut Table) -> Option<Located<String>> {
    let parameter = table.take_located_text(reader, "parameter");
    let custom = table.take_located_text(reader, "custom_field");
    match (parameter, custom) {
        (Some(_), Some(custom)) => {
            reader.report(
                custom.at,
                "`parameter` and `custom_field` cannot be used together; remove one",
            );
            None
        }
        (None, None) => {
            let what = "parameter or custom_field with the name of an earlier field";
            table.report_missing(reader, "parameter", what);
            None
        }
        (parameter, custom) => parameter.or(custom),
    }
}

/// The answers as they are sent: `true` of a flag becomes 1 or 2.
fn read_answers(reader: &mut Reader<'_>, controlling: &Field, node: Node) -> Vec<String> {
    let nodes = match node.value {
        Value::List(items) if items.is_empty() => {
            reader.report(node.at, "`is` is empty; write the answer for which the field is shown");
            return Vec::new();
        }
        Value::List(items) => items,
        value => vec![Node { at: node.at, value }],
    };
    nodes.into_iter().filter_map(|node| read_answer(reader, controlling, node)).collect()
}

fn read_answer(
    reader: &mut Reader<'_>,
    controlling: &Field,
    Node { at, value }: Node,
) -> Option<String> {
    let name = &controlling.parameter;
    match (value, &controlling.kind) {
        (Value::Boolean(ticked), FieldKind::Flag { yes, .. }) => {
            Some(if ticked { *yes } else { yes.other() }.to_string())
        }
        (_, FieldKind::Flag { .. }) => {
            reader.report(at, format!("`{name}` is a flag: `is` takes true or false"));
            None
        }
        (Value::Text(text), kind) if !text.trim().is_empty() => {
            if let FieldKind::Choice { options, .. } = kind {
                check_option(reader, at, name, options, &text);
            }
            Some(text)
        }
        _ => {
            reader.report(at, "`is` takes an answer in quotes, or a list of answers");
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
    // Another mistake reports a choice without options.
    if !values.is_empty() && !values.contains(&value) {
        let hint = suggestion(value, &values);
        reader.report(at, format!("`{value}` is not an option of `{name}`; {hint}"));
    }
}
