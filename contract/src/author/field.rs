//! The `[[field]]` tables of a form definition.

use super::questions::{Asked, Questions};
use super::reader::{Placed, Reader, Table, listed, suggestion};
use super::target::{self, Target, may_be_asked};
use super::tree::Node;
use super::{condition, limits, options};
use crate::definition::{ChoiceControl, DateBound, Field, FieldKind, FlagControl};
use crate::kind::Kind;
use crate::values::FlagValue;

pub(super) fn read_all(reader: &mut Reader<'_>, form: &mut Table) -> Questions {
    let nodes = form.list(reader, "field");
    if nodes.is_empty() {
        form.missing(reader, "field", "[[field]] and below it parameter and label of a question");
    }
    let mut questions = Questions { asked: Vec::new(), whole: true };
    for node in nodes {
        match read(reader, node, &questions) {
            Some(asked) => questions.asked.push(asked),
            None => questions.whole = false,
        }
    }
    questions
}

fn read(reader: &mut Reader<'_>, node: Node, earlier: &Questions) -> Option<Asked> {
    let mut table = Table::open(reader, node, "a field")?;
    let at = table.at;
    let target = target::read(reader, &mut table);
    let kind = kind(reader, &mut table, target.as_ref());
    let label = table.text(reader, "label");
    if label.is_none() {
        table.missing(reader, "label", "the question's text, such as label = \"Your name\"");
    }
    let hint = table.text(reader, "hint");
    let required = table.boolean(reader, "required").is_some_and(|required| required.value);
    let opt_in = table.boolean(reader, "opt_in");
    let max_length = table.number(reader, "max_length");
    let autocomplete = table.text(reader, "autocomplete");
    let options = options::read(reader, &mut table, kind, target.as_ref());
    let control = control(reader, &mut table);
    let min = limits::date_bound(reader, &mut table, "min");
    let max = limits::date_bound(reader, &mut table, "max");
    let show_when = condition::read(reader, &mut table, earlier);
    let max_files = limits::max_files(reader, &mut table);
    let max_total = limits::max_total(reader, &mut table);
    table.close(reader);

    let target = target?;
    may_be_asked(reader, at, &target, opt_in.as_ref());
    let kind = kind?;
    let max_length = only_for(reader, max_length, "max_length", matches!(kind, Kind::Text(_)));
    let control = fitting_control(reader, control, kind).unwrap_or_default();
    ordered(reader, min.as_ref(), max.as_ref());
    let min = only_for(reader, min, "min", kind == Kind::Date);
    let max = only_for(reader, max, "max", kind == Kind::Date);
    let max_files = only_for(reader, max_files, "max_files", kind == Kind::Attachments);
    let max_total = only_for(reader, max_total, "max_total", kind == Kind::Attachments);
    let kind = match kind {
        Kind::Text(format) => FieldKind::Text { format, max_length },
        Kind::Date => FieldKind::Date { min, max },
        Kind::Flag => FieldKind::Flag {
            yes: target.row.yes.unwrap_or(FlagValue::One),
            control: FlagControl::from_name(&control),
        },
        Kind::Choice => FieldKind::Choice { options, control: ChoiceControl::from_name(&control) },
        Kind::Attachments => FieldKind::Attachments { max_files, max_total },
    };
    let mut field = Field::new(&target.name, kind, &label.unwrap_or_default());
    field.hint = hint;
    field.required = required;
    field.autocomplete = autocomplete.or_else(|| target.row.autocomplete.map(str::to_owned));
    field.show_when = show_when;
    Some(Asked { at, field, opt_in })
}

fn kind(reader: &mut Reader<'_>, table: &mut Table, target: Option<&Target>) -> Option<Kind> {
    let fitting = target.map(|target| target.row.kind.field_kinds()).unwrap_or_default();
    let Some(Placed { at, value: word }) = table.placed_text(reader, "kind") else {
        return fitting.first().copied();
    };
    let Some(kind) = Kind::from_name(&word) else {
        let kinds = Kind::ALL.map(Kind::as_str);
        let hint = suggestion(&word, &kinds);
        reader.mistake(at, format!("there is no kind `{word}`; {hint}"));
        return None;
    };
    if let Some(target) = target
        && !fitting.is_empty()
        && !fitting.contains(&kind)
    {
        let names: Vec<&str> = fitting.iter().map(|kind| kind.as_str()).collect();
        let message =
            format!("`{}` cannot be asked for as `{word}`; use {}", target.name, listed(&names));
        reader.mistake(at, message);
    }
    Some(kind)
}

fn control(reader: &mut Reader<'_>, table: &mut Table) -> Option<Placed<String>> {
    let Placed { at, value: word } = table.placed_text(reader, "control")?;
    let known: Vec<&str> = Kind::ALL.into_iter().flat_map(controls).collect();
    if known.contains(&&*word) {
        return Some(Placed { at, value: word });
    }
    let hint = suggestion(&word, &known);
    reader.mistake(at, format!("there is no control `{word}`; {hint}"));
    None
}

/// The names of the controls that a field of that kind can have.
fn controls(kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::Choice => ChoiceControl::ALL.map(ChoiceControl::as_str).to_vec(),
        Kind::Flag => FlagControl::ALL.map(FlagControl::as_str).to_vec(),
        _ => Vec::new(),
    }
}

fn fitting_control(
    reader: &mut Reader<'_>,
    control: Option<Placed<String>>,
    kind: Kind,
) -> Option<String> {
    let Placed { at, value: word } = control?;
    let fitting = controls(kind);
    if fitting.is_empty() {
        return only_for(reader, Some(Placed { at, value: word }), "control", false);
    }
    if !fitting.contains(&&*word) {
        let (kind, fitting) = (kind.as_str(), listed(&fitting));
        reader.mistake(at, format!("a field of kind `{kind}` cannot be a `{word}`; use {fitting}"));
    }
    Some(word)
}

fn ordered(
    reader: &mut Reader<'_>,
    min: Option<&Placed<DateBound>>,
    max: Option<&Placed<DateBound>>,
) {
    if let (Some(min), Some(max)) = (min, max)
        && !limits::in_order(min.value, max.value)
    {
        let message = format!(
            "no day is between `min` and `max`: {} is after {}; swap them",
            min.value, max.value
        );
        reader.mistake(max.at, message);
    }
}

fn only_for<T>(
    reader: &mut Reader<'_>,
    value: Option<Placed<T>>,
    name: &str,
    fits: bool,
) -> Option<T> {
    let Placed { at, value } = value?;
    if !fits {
        reader.mistake(at, format!("a field of this kind has no `{name}`; remove it"));
    }
    Some(value)
}
