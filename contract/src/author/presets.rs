//! The `[presets]` of a form definition: what the proxy adds.

use super::reader::{Reader, Table};
use super::target::{bad_custom_field, unknown_parameter};
use super::tree::{Entry, Node, Place, Value};
use crate::check::check_alone;
use crate::definition::{Choice, Field, FieldKind};
use crate::kind::{Kind, TextFormat};
use crate::parameter::{self, Audience, CustomFieldName, Parameter, ParameterKind};
use crate::values::{FlagValue, Resolution};

/// A parameter that the form sets itself.
#[derive(Debug)]
pub(super) struct Preset {
    pub(super) at: Place,
    pub(super) parameter: String,
    pub(super) value: String,
}

pub(super) fn read_all(reader: &mut Reader<'_>, form: &mut Table) -> Vec<Preset> {
    let Some(node) = form.take("presets") else { return Vec::new() };
    let Some(mut table) = Table::open(reader, node, "presets") else { return Vec::new() };
    let custom = table.take("custom_fields");
    let mut presets: Vec<Preset> =
        table.take_rest().into_iter().filter_map(|entry| preset(reader, entry)).collect();
    if let Some(node) = custom
        && let Some(mut table) = Table::open(reader, node, "presets.custom_fields")
    {
        let rest = table.take_rest();
        presets.extend(rest.into_iter().filter_map(|entry| custom_preset(reader, entry)));
    }
    presets
}

fn preset(reader: &mut Reader<'_>, entry: Entry) -> Option<Preset> {
    let Some(row) = parameter::find(&entry.name) else {
        let message = match unknown_parameter(&entry.name) {
            message if message.contains("did you mean") => message,
            _ => format!(
                "the API has no parameter `{}`; custom fields stand under [presets.custom_fields]",
                entry.name
            ),
        };
        reader.mistake(entry.at, message);
        return None;
    };
    if let Some(why) = never_preset(row) {
        reader.mistake(entry.at, format!("`{}` cannot be preset: {why}; remove it", row.name));
        return None;
    }
    let value = value(reader, row, &entry.node)?;
    Some(Preset { at: entry.at, parameter: entry.name, value })
}

fn never_preset(row: &Parameter) -> Option<&'static str> {
    match row.kind {
        ParameterKind::Key => Some("it comes from the proxy's environment alone (CRM_API_KEY)"),
        ParameterKind::Answer(Kind::Attachments) => Some("files come from the visitor"),
        ParameterKind::CustomField => Some("custom fields stand under [presets.custom_fields]"),
        _ if row.public == Audience::Never => Some("the widget makes it for each draft"),
        _ => None,
    }
}

fn custom_preset(reader: &mut Reader<'_>, entry: Entry) -> Option<Preset> {
    if entry.name.parse::<CustomFieldName>().is_err() {
        let message = match parameter::find(&entry.name) {
            Some(row) => {
                format!("`{}` is a parameter of the API; move it up to [presets]", row.name)
            }
            None => bad_custom_field(&entry.name),
        };
        reader.mistake(entry.at, message);
        return None;
    }
    let row = parameter::find("custom_field")?;
    let value = value(reader, row, &entry.node)?;
    Some(Preset { at: entry.at, parameter: entry.name, value })
}

/// The value as the API writes it, checked by the same rules as a visitor's.
fn value(reader: &mut Reader<'_>, row: &Parameter, node: &Node) -> Option<String> {
    let text = match (&node.value, row.yes) {
        (Value::Text(text) | Value::Bare(text), _) => text.clone(),
        (Value::Boolean(true), Some(yes)) => yes.to_string(),
        (Value::Boolean(false), Some(yes)) => yes.other().to_string(),
        (other, Some(_)) => {
            let noun = other.noun();
            let message = format!("`{}` takes true, false, 1 or 2, but here is {noun}", row.name);
            reader.mistake(node.at, message);
            return None;
        }
        (other, None) => {
            let noun = other.noun();
            reader.mistake(node.at, format!("`{}` takes a text, but here is {noun}", row.name));
            return None;
        }
    };
    if text.trim().is_empty() {
        reader.mistake(node.at, format!("`{}` is empty; write a value or leave it out", row.name));
        return None;
    }
    let field = Field::new(row.name, preset_kind(row), row.name);
    if let Some(problem) = check_alone(&field, &text) {
        let message = match row.kind {
            ParameterKind::Resolution => {
                "`resolution` can only be open, closed, won or lost.".to_owned()
            }
            _ => problem.sentence(),
        };
        reader.mistake(node.at, format!("{message} Here is `{text}`"));
    }
    Some(text)
}

/// The kind of field whose rules hold for a preset of that parameter.
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
