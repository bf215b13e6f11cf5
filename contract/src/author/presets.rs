//! The `[presets]` table of a form definition.

use std::collections::BTreeMap;

use super::hidden::ParsedHidden;
use super::parsed_fields::ParsedFields;
use super::reader::{Reader, Table};
use super::target::{bad_custom_field, unknown_parameter};
use super::template::Placeholders;
use super::tree::{Entry, Node, Position, Value};
use crate::check::check_without_day;
use crate::definition::{self, Choice, Field, FieldKind, FormDefinition, PresetPiece};
use crate::kind::{Kind, TextFormat};
use crate::parameter::{self, Audience, CustomFieldName, Parameter, ParameterKind};
use crate::values::{FlagValue, Resolution};

/// The parameter for text that belongs to a deal.
const NOTE: &str = "note";

/// A preset and its position in the file.
#[derive(Debug)]
pub(super) struct Preset {
    pub(super) at: Position,
    pub(super) parameter: String,
    pub(super) value: definition::Preset,
}

/// Reads the presets of a form or route.
pub(super) fn read_all(
    reader: &mut Reader<'_>,
    table: &mut Table,
    fields: &ParsedFields,
    hidden: &[ParsedHidden],
) -> Vec<Preset> {
    let (own, custom) = entries(reader, table);
    let placeholders = Placeholders { fields, hidden };
    let own: Vec<_> =
        own.into_iter().filter_map(|entry| read_preset(reader, &placeholders, entry)).collect();
    let custom =
        custom.into_iter().filter_map(|entry| read_custom_preset(reader, &placeholders, entry));
    own.into_iter().chain(custom).collect()
}

/// Maps each parameter to its value.
pub(super) fn into_map(presets: Vec<Preset>) -> BTreeMap<String, definition::Preset> {
    presets.into_iter().map(|preset| (preset.parameter, preset.value)).collect()
}

/// Adds a note if the author has not set one. The CRM ignores custom fields that it does not know,
/// so the note repeats their values, unless another preset contains them.
pub(super) fn add_note(form: &mut FormDefinition) {
    let uncertain = form.uncertain_custom_fields().into_iter();
    let lost = uncertain.filter(|name| !form.has_answer_in_preset(name)).map(str::to_owned);
    let lost: Vec<String> = lost.collect();
    if lost.is_empty() || form.private.presets.contains_key(NOTE) {
        return;
    }
    let mut pieces = vec![PresetPiece::List(lost)];
    if form.public.takes_text(NOTE) {
        let own = PresetPiece::First(vec![NOTE.to_owned()]);
        pieces.splice(0..0, [own, PresetPiece::Text("\n\n".to_owned())]);
    }
    let note = definition::Preset::new(TextFormat::MultiLine.into(), pieces);
    form.private.presets.insert(NOTE.to_owned(), note);
}

/// Returns the entries of `[presets]` and of `[presets.custom_fields]`.
fn entries(reader: &mut Reader<'_>, parent: &mut Table) -> (Vec<Entry>, Vec<Entry>) {
    let mut open = |node, what| Table::open(reader, node, what);
    let Some(mut table) = parent.take("presets").and_then(|node| open(node, "presets")) else {
        return Default::default();
    };
    let custom = table.take("custom_fields").and_then(|node| open(node, "presets.custom_fields"));
    (table.take_rest(), custom.map(|mut table| table.take_rest()).unwrap_or_default())
}

fn read_preset(
    reader: &mut Reader<'_>,
    placeholders: &Placeholders<'_>,
    entry: Entry,
) -> Option<Preset> {
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
    let value = read_value(reader, placeholders, row, &entry.node)?;
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

fn read_custom_preset(
    reader: &mut Reader<'_>,
    placeholders: &Placeholders<'_>,
    entry: Entry,
) -> Option<Preset> {
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
    let value = read_value(reader, placeholders, row, &entry.node)?;
    Some(Preset { at: entry.at, parameter: entry.name, value })
}

/// Reads the value. A value without placeholders is checked by the same rules as a visitor's
/// answer.
fn read_value(
    reader: &mut Reader<'_>,
    placeholders: &Placeholders<'_>,
    row: &Parameter,
    node: &Node,
) -> Option<definition::Preset> {
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
            reader.report(node.at, format!("`{}` takes text, not {noun}", row.name));
            return None;
        }
    };
    if text.trim().is_empty() {
        reader.report(node.at, format!("`{}` is empty; write a value or remove it", row.name));
        return None;
    }
    let preset =
        definition::Preset::new(preset_kind(row), placeholders.pieces(reader, node.at, &text)?);
    let Some(text) = preset.as_fixed() else {
        if let Some(why) = never_template(row) {
            reader.report(node.at, format!("`{}` cannot contain answers: {why}", row.name));
        }
        return Some(preset);
    };
    let field = Field::new(row.name, preset_kind(row), row.name);
    if let Some(problem) = check_without_day(&field, text) {
        let message = match row.kind {
            ParameterKind::Resolution => {
                "`resolution` can only be open, closed, won or lost.".to_owned()
            }
            _ => problem.sentence(),
        };
        reader.report(node.at, format!("{message} You wrote `{text}`"));
    }
    Some(preset)
}

/// Returns why the value must not contain visitors' answers, or `None` if it may contain them.
fn never_template(row: &Parameter) -> Option<&'static str> {
    let is_text = matches!(
        row.kind,
        ParameterKind::CustomField
            | ParameterKind::Answer(Kind::Text(
                TextFormat::SingleLine | TextFormat::MultiLine | TextFormat::Tags
            ))
    );
    if !is_text {
        return Some("its value is not text");
    }
    let is_settings = parameter::creating_flag(row.name).is_some();
    (is_settings || row.public != Audience::Visitor)
        .then_some("it affects more than the visitor's own deal")
}

/// Returns the kind of field whose rules apply to a preset for this parameter.
fn preset_kind(row: &Parameter) -> FieldKind {
    let option = |value: Resolution| Choice { value: value.to_string(), label: String::new() };
    match row.kind {
        ParameterKind::Answer(Kind::Text(format)) => format.into(),
        ParameterKind::Answer(Kind::Date) => FieldKind::DATE,
        ParameterKind::Answer(Kind::Flag) => FieldKind::flag(row.yes.unwrap_or(FlagValue::One)),
        ParameterKind::Answer(Kind::Attachments) => FieldKind::ATTACHMENTS,
        ParameterKind::Answer(Kind::Choice | Kind::Choices) | ParameterKind::Resolution => {
            FieldKind::choice(Resolution::ALL.map(option).into())
        }
        ParameterKind::Key | ParameterKind::Reference | ParameterKind::CustomField => {
            TextFormat::SingleLine.into()
        }
    }
}
