//! The `[[field]]` tables of a form definition.

use super::parsed_fields::{ParsedField, ParsedFields};
use super::reader::{Located, Reader, Table, one_of, suggestion};
use super::target::{self, Target, check_audience};
use super::tree::Node;
use super::{answer_rules, condition, limits, options};
use crate::definition::{
    ChoiceControl, ChoicesControl, DateBound, Field, FieldKind, FlagControl, Width,
};
use crate::kind::Kind;
use crate::parameter::ParameterKind;
use crate::values::FlagValue;

pub(super) fn read_all(reader: &mut Reader<'_>, form: &mut Table) -> ParsedFields {
    let nodes = form.take_list(reader, "field");
    if nodes.is_empty() {
        form.report_missing(
            reader,
            "field",
            "[[field]] and, below it, the parameter and label of a question",
        );
    }
    let mut fields = ParsedFields { list: Vec::new(), is_complete: true };
    for node in nodes {
        match read(reader, node, &fields) {
            Some(field) => fields.list.push(field),
            None => fields.is_complete = false,
        }
    }
    fields
}

fn read(reader: &mut Reader<'_>, node: Node, earlier: &ParsedFields) -> Option<ParsedField> {
    let mut table = Table::open(reader, node, "a field")?;
    let at = table.at;
    let target = target::read(reader, &mut table);
    let kind = read_kind(reader, &mut table, target.as_ref());
    let heading = table.take_text(reader, "heading");
    let text = table.take_markdown(reader, "text");
    let label = table.take_markdown_line(reader, "label");
    if label.is_none() {
        table.report_missing(reader, "label", "the question's text, such as label = \"Your name\"");
    }
    let hint = table.take_markdown_line(reader, "hint");
    let width = read_width(reader, &mut table);
    let required = table.take_boolean(reader, "required");
    let opt_in = table.take_boolean(reader, "opt_in");
    let max_length = table.take_number(reader, "max_length");
    let autocomplete = table.take_text(reader, "autocomplete");
    let options = options::read(reader, &mut table, kind, target.as_ref());
    let control = read_control(reader, &mut table);
    let rules = answer_rules::take(reader, &mut table, kind);
    let mut day = |name| {
        let takes_days = !answer_rules::takes_numbers(kind);
        takes_days.then(|| limits::read_date_bound(reader, &mut table, name)).flatten()
    };
    let (min, max) = (day("min"), day("max"));
    let show_when = condition::read(reader, &mut table, "show_when", earlier.all());
    let required_when = condition::read(reader, &mut table, "required_when", earlier.all());
    if let Some(required) = required.as_ref().filter(|required| required.value)
        && required_when.is_some()
    {
        let message = "`required` and `required_when` cannot be used together; remove one";
        reader.report(required.at, message);
    }
    let max_files = limits::read_max_files(reader, &mut table);
    let max_total = limits::read_max_total(reader, &mut table);
    let min_choices = limits::read_choices(reader, &mut table, "min_choices");
    let max_choices = limits::read_choices(reader, &mut table, "max_choices");
    let other = table.take_boolean(reader, "other");
    table.close(reader);

    let target = target?;
    check_audience(reader, at, &target, opt_in.as_ref());
    let kind = kind?;
    let max_length = check_fits(reader, max_length, "max_length", matches!(kind, Kind::Text(_)));
    let control = check_control(reader, control, kind).unwrap_or_default();
    check_order(reader, min.as_ref(), max.as_ref());
    let min = check_fits(reader, min, "min", kind == Kind::Date);
    let max = check_fits(reader, max, "max", kind == Kind::Date);
    let max_files = check_fits(reader, max_files, "max_files", kind == Kind::Attachments);
    let max_total = check_fits(reader, max_total, "max_total", kind == Kind::Attachments);
    let has_options = matches!(kind, Kind::Choice | Kind::Choices);
    let takes_text = !matches!(target.row.kind, ParameterKind::Resolution);
    let other = check_fits(reader, other, "other", has_options && takes_text).unwrap_or_default();
    let min_choices = check_fits(reader, min_choices, "min_choices", kind == Kind::Choices);
    let max_choices = check_fits(reader, max_choices, "max_choices", kind == Kind::Choices);
    let kind = match kind {
        Kind::Text(format) => FieldKind::Text { format, max_length },
        Kind::Date => FieldKind::Date { min, max },
        Kind::Flag => FieldKind::Flag {
            yes: target.row.yes.unwrap_or(FlagValue::One),
            control: FlagControl::from_name(&control),
        },
        Kind::Choice => {
            FieldKind::Choice { options, control: ChoiceControl::from_name(&control), other }
        }
        Kind::Choices => FieldKind::Choices {
            options,
            control: ChoicesControl::from_name(&control),
            other,
            min: min_choices,
            max: max_choices,
        },
        Kind::Attachments => FieldKind::Attachments { max_files, max_total },
    };
    limits::check_choices(reader, at, &kind);
    let mut field = Field::new(&target.name, kind, "");
    field.label = label.unwrap_or_default();
    field.heading = heading;
    field.text = text;
    field.hint = hint;
    field.width = width;
    field.required = required.is_some_and(|required| required.value);
    field.autocomplete = autocomplete.or_else(|| target.row.autocomplete.map(str::to_owned));
    field.show_when = show_when;
    field.required_when = required_when;
    rules.add_to(reader, &mut field);
    Some(ParsedField { at, field, opt_in })
}

fn read_kind(reader: &mut Reader<'_>, table: &mut Table, target: Option<&Target>) -> Option<Kind> {
    let fitting = target.map(|target| target.row.kind.field_kinds()).unwrap_or_default();
    let Some(Located { at, value: word }) = table.take_located_text(reader, "kind") else {
        return fitting.first().copied();
    };
    let Some(kind) = Kind::from_name(&word) else {
        let kinds = Kind::ALL.map(Kind::as_str);
        let hint = suggestion(&word, &kinds);
        reader.report(at, format!("unknown kind `{word}`; {hint}"));
        return None;
    };
    if let Some(target) = target
        && !fitting.is_empty()
        && !fitting.contains(&kind)
    {
        let names: Vec<&str> = fitting.iter().map(|kind| kind.as_str()).collect();
        let message =
            format!("`{}` cannot have the kind `{word}`; use {}", target.name, one_of(&names));
        reader.report(at, message);
    }
    Some(kind)
}

fn read_width(reader: &mut Reader<'_>, table: &mut Table) -> Option<Width> {
    let Located { at, value: word } = table.take_located_text(reader, "width")?;
    let width = Width::from_name(&word);
    if width.is_none() {
        let hint = suggestion(&word, &Width::ALL.map(Width::as_str));
        reader.report(at, format!("unknown width `{word}`; {hint}"));
    }
    width
}

fn read_control(reader: &mut Reader<'_>, table: &mut Table) -> Option<Located<String>> {
    let Located { at, value: word } = table.take_located_text(reader, "control")?;
    let known: Vec<&str> = Kind::ALL.into_iter().flat_map(controls).collect();
    if known.contains(&&*word) {
        return Some(Located { at, value: word });
    }
    let hint = suggestion(&word, &known);
    reader.report(at, format!("unknown control `{word}`; {hint}"));
    None
}

/// Returns the names of the controls for a kind of field.
fn controls(kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::Choice => ChoiceControl::ALL.map(ChoiceControl::as_str).to_vec(),
        Kind::Choices => ChoicesControl::ALL.map(ChoicesControl::as_str).to_vec(),
        Kind::Flag => FlagControl::ALL.map(FlagControl::as_str).to_vec(),
        _ => Vec::new(),
    }
}

fn check_control(
    reader: &mut Reader<'_>,
    control: Option<Located<String>>,
    kind: Kind,
) -> Option<String> {
    let Located { at, value: word } = control?;
    let fitting = controls(kind);
    if fitting.is_empty() {
        return check_fits(reader, Some(Located { at, value: word }), "control", false);
    }
    if !fitting.contains(&&*word) {
        let (kind, fitting) = (kind.as_str(), one_of(&fitting));
        reader.report(
            at,
            format!("a field of kind `{kind}` cannot have the control `{word}`; use {fitting}"),
        );
    }
    Some(word)
}

fn check_order(
    reader: &mut Reader<'_>,
    min: Option<&Located<DateBound>>,
    max: Option<&Located<DateBound>>,
) {
    if let (Some(min), Some(max)) = (min, max)
        && !limits::is_in_order(min.value, max.value)
    {
        let message = format!("`min` ({}) is after `max` ({}); swap them", min.value, max.value);
        reader.report(max.at, message);
    }
}

fn check_fits<T>(
    reader: &mut Reader<'_>,
    value: Option<Located<T>>,
    name: &str,
    fits: bool,
) -> Option<T> {
    let Located { at, value } = value?;
    if !fits {
        reader.report(at, format!("a field of this kind cannot have `{name}`; remove it"));
    }
    Some(value)
}
