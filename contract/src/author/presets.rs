//! The `[presets]` of a form definition.

use super::reader::{Reader, Table};
use super::target::{bad_custom_field, unknown_parameter};
use super::tree::{Entry, Node, Position, Value};
use crate::check::check_without_day;
use crate::definition::{Choice, Field, FieldKind};
use crate::kind::{Kind, TextFormat};
use crate::parameter::{self, Audience, CustomFieldName, Parameter, ParameterKind};
use crate::values::{FlagValue, Resolution};

/// A preset and its position in the file.
#[derive(Debug)]
pub(super) struct Preset {
    pub(super) at: Position,
    pub(super) parameter: String,
    pub(super) value: String,
}

pub(super) fn read_all(reader: &mut Reader<'_>, form: &mut Table) -> Vec<Preset> {
    let Some(node) = form.take("presets") else { return Vec::new() };
    let Some(mut table) = Table::open(reader, node, "presets") else { return Vec::new() };
    let custom = table.take("custom_fields");
    let mut presets: Vec<Preset> =
        table.take_rest().into_iter().filter_map(|entry| read_preset(reader, entry)).collect();
    if let Some(node) = custom
        && let Some(mut table) = Table::open(reader, node, "presets.custom_fields")
    {
        let rest = table.take_rest();
        presets.extend(rest.into_iter().filter_map(|entry| read_custom_preset(reader, entry)));
    }
    presets
}

fn read_preset(reader: &mut Reader<'_>, entry: Entry) -> Option<Preset> {
    let Some(row) = parameter::find(&entry.name) else {
        let message = match unknown_parameter(&entry.name) {
            message if message.contains("did you mean") => message,
            _ => format!(
                "unknown parameter `{}`; write custom fields under [presets.custom_fields]",
                entry.name
            ),
        };
        reader.report(entry.at, message);
        return None;
    };
    if let Some(why) = never_preset_reason(row) {
        reader.report(entry.at, format!("`{}` cannot be preset: {why}; remove it", row.name));
        return None;
    }
    let value = read_value(reader, row, &entry.node)?;
    Some(Preset { at: entry.at, parameter: entry.name, value })
}

fn never_preset_reason(row: &Parameter) -> Option<&'static str> {
    match row.kind {
        ParameterKind::Key => Some("the proxy reads it only from its environment (CRM_API_KEY)"),
        ParameterKind::Answer(Kind::Attachments) => Some("only visitors add files"),
        ParameterKind::CustomField => Some("custom fields belong under [presets.custom_fields]"),
        _ if row.public == Audience::Never => Some("the widget creates it for each draft"),
        _ => None,
    }
}

fn read_custom_preset(reader: &mut Reader<'_>, entry: Entry) -> Option<Preset> {
    if entry.name.parse::<CustomFieldName>().is_err() {
        let message = match parameter::find(&entry.name) {
            Some(row) => {
                format!("`{}` is a parameter of the API; move it up to [presets]", row.name)
            }
            None => bad_custom_field(&entry.name),
        };
        reader.report(entry.at, message);
        return None;
    }
    let row = parameter::find("custom_field")?;
    let value = read_value(reader, row, &entry.node)?;
    Some(Preset { at: entry.at, parameter: entry.name, value })
}

/// The value as the API expects it, checked by the same rules as a visitor's answer.
fn read_value(reader: &mut Reader<'_>, row: &Parameter, node: &Node) -> Option<String> {
    let text = match (&node.value, row.yes) {
        (Value::Text(text) | Value::Bare(text), _) => text.clone(),
        (Value::Boolean(true), Some(yes)) => yes.to_string(),
        (Value::Boolean(false), Some(yes)) => yes.other().to_string(),
        (other, Some(_)) => {
            let noun = other.noun();
            let message = format!("`{}` takes true, false, 1 or 2, not {noun}", row.name);
            reader.report(node.at, message);
            return None;
        }
        (other, None) => {
            let noun = other.noun();
            reader.report(node.at, format!("`{}` takes a text, not {noun}", row.name));
            return None;
        }
    };
    if text.trim().is_empty() {
        reader.report(node.at, format!("`{}` is empty; write a value or remove it", row.name));
        return None;
    }
    let field = Field::new(row.name, preset_kind(row), row.name);
    if let Some(problem) = check_without_day(&field, &text) {
        let message = match row.kind {
            ParameterKind::Resolution => {
                "`resolution` can only be open, closed, won or lost.".to_owned()
            }
            _ => problem.sentence(),
        };
        reader.report(node.at, format!("{message} You wrote `{text}`"));
    }
    Some(text)
}

/// The kind of field whose rules apply to a preset of that parameter.
fn preset_kind(row: &Parameter) -> FieldKind {
    let option = |value: Resolution| Choice { value: value.to_string(), label: String::new() };
    match row.kind {
        ParameterKind::Answer(Kind::Text(format)) => format.into(),
        ParameterKind::Answer(Kind::Date) => FieldKind::DATE,
        ParameterKind::Answer(Kind::Flag) => FieldKind::flag(row.yes.unwrap_or(FlagValue::One)),
        ParameterKind::Answer(Kind::Attachments) => FieldKind::ATTACHMENTS,
        ParameterKind::Answer(Kind::Choice) | ParameterKind::Resolution => {
            FieldKind::choice(Resolution::ALL.map(option).into())
        }
        ParameterKind::Key | ParameterKind::Reference | ParameterKind::CustomField => {
            TextFormat::SingleLine.into()
        }
    }
}
