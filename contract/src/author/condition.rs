//! The `show_when` of a field.

use super::questions::Questions;
use super::reader::{Placed, Reader, Table, suggestion};
use super::tree::{Node, Place, Value};
use crate::definition::{Choice, Condition, Field, FieldKind};
use crate::kind::{Kind, TextFormat};

pub(super) fn read(
    reader: &mut Reader<'_>,
    field: &mut Table,
    earlier: &Questions,
) -> Option<Condition> {
    let node = field.take("show_when")?;
    let mut table = Table::open(reader, node, "show_when")?;
    let controlling = controlling(reader, &mut table);
    let is = table.take("is");
    if is.is_none() {
        table.missing(reader, "is", "the answer on which it is asked, such as is = \"shop\"");
    }
    table.close(reader);

    let Placed { at, value: name } = controlling?;
    let Some(controlling) = earlier.find(&name) else {
        earlier.unknown(reader, at, &name, "before this one");
        return None;
    };
    if matches!(controlling.kind.kind(), Kind::Text(TextFormat::MultiLine) | Kind::Attachments) {
        let message = format!("no field can hang on `{name}`: its answer is not one line or value");
        reader.mistake(at, message);
        return None;
    }
    Some(Condition { is: answers(reader, controlling, is?), parameter: name })
}

fn controlling(reader: &mut Reader<'_>, table: &mut Table) -> Option<Placed<String>> {
    let parameter = table.placed_text(reader, "parameter");
    let custom = table.placed_text(reader, "custom_field");
    match (parameter, custom) {
        (Some(_), Some(custom)) => {
            reader.mistake(custom.at, "here are a parameter and a custom_field; remove one");
            None
        }
        (None, None) => {
            let what = "parameter or custom_field of an earlier field";
            table.missing(reader, "parameter", what);
            None
        }
        (parameter, custom) => parameter.or(custom),
    }
}

/// As they are sent: a flag's yes and no are 1 and 2.
fn answers(reader: &mut Reader<'_>, controlling: &Field, node: Node) -> Vec<String> {
    let nodes = match node.value {
        Value::List(items) if items.is_empty() => {
            reader.mistake(node.at, "`is` is empty; write the answer on which the field is asked");
            return Vec::new();
        }
        Value::List(items) => items,
        value => vec![Node { at: node.at, value }],
    };
    nodes.into_iter().filter_map(|node| answer(reader, controlling, node)).collect()
}

fn answer(
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
            reader.mistake(at, format!("`{name}` is a flag: `is` takes true or false"));
            None
        }
        (Value::Text(text), kind) if !text.trim().is_empty() => {
            if let FieldKind::Choice { options, .. } = kind {
                offered(reader, at, name, options, &text);
            }
            Some(text)
        }
        _ => {
            reader.mistake(at, "`is` takes a text in quotes, or a list of them");
            None
        }
    }
}

fn offered(reader: &mut Reader<'_>, at: Place, name: &str, options: &[Choice], value: &str) {
    let values: Vec<&str> = options.iter().map(|option| option.value.as_str()).collect();
    // A choice without options has its own mistake.
    if !values.is_empty() && !values.contains(&value) {
        let hint = suggestion(value, &values);
        reader.mistake(at, format!("`{name}` has no answer `{value}`; {hint}"));
    }
}
