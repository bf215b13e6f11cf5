//! One `[[field]]` of a form definition.

use super::reader::{Place, Placed, Reader, Table, listed, nearest};
use super::tree::{Node, Value};
use crate::attachments::{COUNT_LIMIT, TOTAL_LIMIT, size_text};
use crate::definition::{Choice, Field, FieldKind};
use crate::parameter::{self, Audience, Kind, Parameter};
use crate::values::{CustomFieldName, FlagValue, Resolution};

/// A field and where it stands.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) at: Place,
    pub(super) field: Field,
}

/// What the answer is sent as.
struct Target {
    name: String,
    row: &'static Parameter,
}

pub(super) fn read_all(reader: &mut Reader<'_>, form: &mut Table) -> Vec<Asked> {
    let nodes = form.list(reader, "field");
    if nodes.is_empty() {
        form.missing(reader, "field", "[[field]] and below it parameter and label of a question");
    }
    nodes.into_iter().filter_map(|node| read(reader, node)).collect()
}

fn read(reader: &mut Reader<'_>, node: Node) -> Option<Asked> {
    let mut table = Table::open(reader, node, "a field")?;
    let at = table.at;
    let target = target(reader, &mut table);
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
    let options = options(reader, &mut table, kind, target.as_ref());
    let max_files = max_files(reader, &mut table);
    let max_total = max_total(reader, &mut table);
    table.close(reader);

    let target = target?;
    may_be_asked(reader, at, &target, opt_in.as_ref());
    let mut field = Field::new(&target.name, kind?, &label.unwrap_or_default());
    let kind = field.kind;
    field.hint = hint;
    field.required = required;
    field.autocomplete = autocomplete.or_else(|| target.row.autocomplete.map(str::to_owned));
    field.options = options;
    field.yes = (kind == FieldKind::Flag).then(|| target.row.yes.unwrap_or(FlagValue::One));
    field.max_length = only_for(reader, max_length, "max_length", is_typed(kind));
    let files = kind == FieldKind::Attachments;
    field.max_files = only_for(reader, max_files, "max_files", files);
    field.max_total = only_for(reader, max_total, "max_total", files);
    Some(Asked { at, field })
}

fn target(reader: &mut Reader<'_>, table: &mut Table) -> Option<Target> {
    let parameter = table.placed_text(reader, "parameter");
    let custom = table.placed_text(reader, "custom_field");
    match (parameter, custom) {
        (Some(Placed { at, value: name }), None) => match parameter::find(&name) {
            Some(row) if row.kind == Kind::CustomField => {
                let message = "write custom_field = \"its_api_name\" in place of parameter";
                reader.mistake(at, message);
                None
            }
            Some(row) => Some(Target { name, row }),
            None => {
                reader.mistake(at, unknown_parameter(&name));
                None
            }
        },
        (None, Some(Placed { at, value: name })) => {
            if name.parse::<CustomFieldName>().is_err() {
                reader.mistake(at, bad_custom_field(&name));
                return None;
            }
            parameter::find("custom_field").map(|row| Target { name, row })
        }
        (Some(_), Some(custom)) => {
            let message = "a field has a parameter or a custom_field, not both; remove one";
            reader.mistake(custom.at, message);
            None
        }
        (None, None) => {
            let what = "parameter = \"contact_name\", or custom_field = \"its_api_name\"";
            table.missing(reader, "parameter", what);
            None
        }
    }
}

pub(super) fn unknown_parameter(name: &str) -> String {
    match nearest(name, parameter::all().map(|row| row.name)) {
        Some(near) => format!("the API has no parameter `{name}`; did you mean `{near}`?"),
        None => format!(
            "the API has no parameter `{name}`; a custom field is written custom_field = \"{name}\""
        ),
    }
}

pub(super) fn bad_custom_field(name: &str) -> String {
    match parameter::find(name) {
        Some(_) => format!("`{name}` is a parameter of the API; write parameter = \"{name}\""),
        None => format!(
            "`{name}` cannot be a custom field's API name; use letters, digits and underscores, a \
             letter first"
        ),
    }
}

fn kind(reader: &mut Reader<'_>, table: &mut Table, target: Option<&Target>) -> Option<FieldKind> {
    let fitting = target.map_or(&[][..], |target| target.row.kind.field_kinds());
    let Some(Placed { at, value: word }) = table.placed_text(reader, "kind") else {
        return fitting.first().copied();
    };
    let Some(kind) = FieldKind::from_name(&word) else {
        let kinds = FieldKind::ALL.map(FieldKind::as_str);
        let hint = match nearest(&word, kinds.into_iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", listed(&kinds)),
        };
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

fn options(
    reader: &mut Reader<'_>,
    table: &mut Table,
    kind: Option<FieldKind>,
    target: Option<&Target>,
) -> Vec<Choice> {
    let node = table.take("options");
    let resolution = target.is_some_and(|target| target.row.kind == Kind::Resolution);
    match (kind, node) {
        (Some(FieldKind::Choice), None) if resolution => Resolution::ALL
            .map(|value| Choice { value: value.to_string(), label: capitalised(value.as_str()) })
            .into(),
        (Some(FieldKind::Choice), None) => {
            table.missing(reader, "options", "the answers, such as options = [\"Yes\", \"No\"]");
            Vec::new()
        }
        (Some(FieldKind::Choice), Some(Node { at, value: Value::List(items) })) => {
            let mut options: Vec<Choice> = Vec::new();
            for item in items {
                let place = item.at;
                let Some(choice) = option(reader, item) else { continue };
                if options.iter().any(|other| other.value == choice.value) {
                    reader
                        .mistake(place, format!("`{}` is offered twice; remove one", choice.value));
                } else if resolution && choice.value.parse::<Resolution>().is_err() {
                    let message = format!(
                        "the API knows no resolution `{}`; use open, closed, won or lost",
                        choice.value
                    );
                    reader.mistake(place, message);
                } else {
                    options.push(choice);
                }
            }
            if options.is_empty() {
                reader.mistake(
                    at,
                    "`options` is empty; write the answers, such as [\"Yes\", \"No\"]",
                );
            }
            options
        }
        (Some(FieldKind::Choice), Some(node)) => {
            reader.mistake(node.at, "`options` takes a list, such as [\"Yes\", \"No\"]");
            Vec::new()
        }
        (Some(kind), Some(node)) => {
            let message = format!(
                "a field of kind `{}` has no options; remove them or write kind = \"choice\"",
                kind.as_str()
            );
            reader.mistake(node.at, message);
            Vec::new()
        }
        (_, None) | (None, Some(_)) => Vec::new(),
    }
}

/// `"A"`, or `{ value = "a", label = "A" }`.
fn option(reader: &mut Reader<'_>, node: Node) -> Option<Choice> {
    if let Value::Text(text) = &node.value
        && !text.trim().is_empty()
    {
        return Some(Choice { value: text.clone(), label: text.clone() });
    }
    if !matches!(node.value, Value::Table(_)) {
        reader.mistake(node.at, "an option is a text, or { value = \"a\", label = \"A\" }");
        return None;
    }
    let mut table = Table::open(reader, node, "an option")?;
    let value = table.text(reader, "value");
    let label = table.text(reader, "label");
    if value.is_none() {
        table.missing(reader, "value", "what is sent, such as value = \"a\"");
    }
    table.close(reader);
    let value = value?;
    Some(Choice { label: label.unwrap_or_else(|| value.clone()), value })
}

fn max_files(reader: &mut Reader<'_>, table: &mut Table) -> Option<Placed<u32>> {
    let number = table.number(reader, "max_files")?;
    if usize::try_from(number.value).is_ok_and(|files| files <= COUNT_LIMIT) {
        return Some(number);
    }
    let message = format!("`max_files` is at most {COUNT_LIMIT}: the CRM would drop the rest");
    reader.mistake(number.at, message);
    None
}

/// Bytes, or a text such as "20 MB".
fn max_total(reader: &mut Reader<'_>, table: &mut Table) -> Option<Placed<u64>> {
    let node = table.take("max_total")?;
    let bytes = match &node.value {
        Value::Bare(digits) => digits.parse().ok(),
        Value::Text(text) => bytes(text),
        _ => None,
    };
    match bytes {
        Some(value @ 1..=TOTAL_LIMIT) => Some(Placed { at: node.at, value }),
        Some(_) => {
            let limit = size_text(TOTAL_LIMIT);
            let message = format!("`max_total` is between 1 byte and {limit}, the CRM's own limit");
            reader.mistake(node.at, message);
            None
        }
        None => {
            reader.mistake(node.at, "`max_total` takes bytes or a size, such as \"20 MB\"");
            None
        }
    }
}

fn bytes(text: &str) -> Option<u64> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(unit_at)?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "bytes" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// Whether a form may ask visitors for this parameter at all.
fn may_be_asked(
    reader: &mut Reader<'_>,
    at: Place,
    target: &Target,
    opt_in: Option<&Placed<bool>>,
) {
    let name = &target.name;
    match target.row.public {
        Audience::Never => {
            let why = match name.as_str() {
                "key" => "it comes from the proxy's environment alone (CRM_API_KEY)",
                _ => "the widget makes it for each draft",
            };
            reader.mistake(at, format!("no form may ask for `{name}`: {why}; remove the field"));
        }
        Audience::OptIn if !opt_in.is_some_and(|opt_in| opt_in.value) => reader.mistake(
            at,
            format!(
                "`{name}` reaches past the visitor's own deal; set it under [presets], or add \
                 opt_in = true if every visitor may choose it"
            ),
        ),
        Audience::Visitor if opt_in.is_some() => reader.mistake(
            opt_in.and_then(|opt_in| opt_in.at),
            format!("`{name}` needs no opt_in; remove it"),
        ),
        Audience::OptIn | Audience::Visitor => {}
    }
}

/// Whether a visitor types the answer.
fn is_typed(kind: FieldKind) -> bool {
    !matches!(kind, FieldKind::Flag | FieldKind::Choice | FieldKind::Date | FieldKind::Attachments)
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

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
