//! The rules for a field's answer: its limits, the author's messages about problems, and the
//! initial answer (`min`, `max`, `min_length`, `pattern`, `messages`, `default`, `prefill`).

use super::reader::{Located, Reader, Table, suggestion};
use super::texts::check_placeholders;
use super::tree::{Node, Value};
use crate::check::check_without_day;
use crate::code::Code;
use crate::definition::{Field, FieldKind, Limits};
use crate::kind::{Kind, TextFormat};
use crate::normalize::{DateNotation, normalize};
use crate::pattern::Pattern;
use crate::values::{CalendarDate, Decimal};

/// The rules, as the author wrote them.
pub(super) struct WrittenRules {
    min: Option<Located<Decimal>>,
    max: Option<Located<Decimal>>,
    min_length: Option<Located<u32>>,
    pattern: Option<Located<String>>,
    messages: Option<Node>,
    default: Option<Node>,
    prefill: Option<Located<String>>,
}

/// Returns whether `min` and `max` are numbers for this kind.
pub(super) fn takes_numbers(kind: Option<Kind>) -> bool {
    matches!(kind, Some(Kind::Text(TextFormat::Amount | TextFormat::Id)))
}

pub(super) fn take(reader: &mut Reader<'_>, table: &mut Table, kind: Option<Kind>) -> WrittenRules {
    let mut number = |name| takes_numbers(kind).then(|| read_number(reader, table, name)).flatten();
    let (min, max) = (number("min"), number("max"));
    WrittenRules {
        min,
        max,
        min_length: table.take_number(reader, "min_length"),
        pattern: table.take_located_text(reader, "pattern"),
        messages: table.take("messages"),
        default: table.take("default"),
        prefill: table.take_located_text(reader, "prefill"),
    }
}

fn read_number(
    reader: &mut Reader<'_>,
    table: &mut Table,
    name: &'static str,
) -> Option<Located<Decimal>> {
    let node = table.take(name)?;
    let number = match &node.value {
        Value::Text(text) | Value::Bare(text) => text.trim().parse().ok(),
        _ => None,
    };
    if number.is_none() {
        let message = format!("`{name}` takes a number in digits, such as 10000 or 99.95");
        reader.report(node.at, message);
    }
    number.map(|value| Located { at: node.at, value })
}

impl WrittenRules {
    /// Checks the rules for this field, and adds them to it.
    pub(super) fn add_to(self, reader: &mut Reader<'_>, field: &mut Field) {
        let Self { min, max, min_length, pattern, messages, default, prefill } = self;
        if let (Some(min), Some(max)) = (&min, &max)
            && min.value > max.value
        {
            let message =
                format!("`min` ({}) is above `max` ({}); swap them", min.value, max.value);
            reader.report(max.at, message);
        }
        let min_length = min_length.filter(|length| check_min_length(reader, field, length));
        field.messages =
            messages.map(|node| read_messages(reader, field, node)).unwrap_or_default();
        let pattern = pattern.and_then(|pattern| read_pattern(reader, field, pattern));
        field.limits = Limits {
            min: min.map(|min| min.value),
            max: max.map(|max| max.value),
            min_length: min_length.map(|length| length.value),
            pattern,
        };
        field.default = default.and_then(|node| read_default(reader, field, node));
        field.prefill = prefill.and_then(|name| read_prefill(reader, field, name));
    }
}

fn check_min_length(reader: &mut Reader<'_>, field: &Field, length: &Located<u32>) -> bool {
    let is_typed = matches!(field.kind, FieldKind::Text { .. });
    if !is_typed {
        reader.report(length.at, "a field of this kind cannot have `min_length`; remove it");
    }
    let limit = field.kind.length_limit();
    if is_typed && usize::try_from(length.value).is_ok_and(|length| length > limit) {
        let message = format!(
            "`min_length` ({}) is above the maximum length ({limit}); change one of them",
            length.value
        );
        reader.report(length.at, message);
    }
    is_typed
}

fn read_pattern(
    reader: &mut Reader<'_>,
    field: &Field,
    Located { at, value }: Located<String>,
) -> Option<Pattern> {
    let is_line =
        matches!(field.kind, FieldKind::Text { format, .. } if format != TextFormat::MultiLine);
    if !is_line {
        reader.report(at, "only a field for one line of text can have `pattern`; remove it");
        return None;
    }
    let pattern = Pattern::new(&value);
    if let Err(error) = pattern.check() {
        reader.report(at, format!("`pattern` cannot be used: {error}"));
    }
    if field.message(Code::TextPattern).is_none() {
        reader.report(
            at,
            "`pattern` needs a message, because visitors do not see the pattern: add one under \
             [field.messages], such as text_pattern = \"Enter the five digits of your postcode.\"",
        );
    }
    Some(pattern)
}

pub(super) fn read_messages(
    reader: &mut Reader<'_>,
    field: &Field,
    node: Node,
) -> Vec<(Code, String)> {
    let Some(mut table) = Table::open(reader, node, "messages") else { return Vec::new() };
    let possible = possible_codes(field.kind.kind());
    let mut messages = Vec::new();
    for entry in table.take_rest() {
        let found = possible.iter().find(|code| code.as_str() == entry.name);
        let Some(code) = found else {
            let names: Vec<&str> = possible.iter().map(|code| code.as_str()).collect();
            let hint = suggestion(&entry.name, &names);
            let message = format!("this field cannot have the problem `{}`; {hint}", entry.name);
            reader.report(entry.at, message);
            continue;
        };
        match entry.node.value {
            Value::Text(text) if !text.trim().is_empty() => {
                check_placeholders(reader, &entry.name, &text, code.english(), entry.node.at);
                messages.push((*code, text));
            }
            _ => {
                let message = format!("`{}` takes text in quotes", entry.name);
                reader.report(entry.node.at, message);
            }
        }
    }
    messages
}

/// Returns the codes of all problems that an answer of this kind can have.
fn possible_codes(kind: Kind) -> Vec<Code> {
    let typed = [Code::Required, Code::TextControl, Code::TextLength, Code::TextShort];
    let line = [Code::TextLine, Code::TextPattern];
    let own: &[Code] = match kind {
        Kind::Text(format) => match format {
            TextFormat::MultiLine => return typed.into(),
            TextFormat::SingleLine | TextFormat::Tags => &[],
            TextFormat::Email => &[Code::EmailFormat],
            TextFormat::Phone => &[Code::PhoneCharacter, Code::PhoneLength],
            TextFormat::SocialProfile => &[Code::HandleAddress],
            TextFormat::Amount => {
                &[Code::AmountCharacter, Code::AmountDigit, Code::NumberLow, Code::NumberHigh]
            }
            TextFormat::Id => &[Code::IdFormat, Code::NumberLow, Code::NumberHigh],
        },
        Kind::Date => {
            return vec![
                Code::Required,
                Code::DateFormat,
                Code::DateOrder,
                Code::DateDay,
                Code::DateEarly,
                Code::DateLate,
            ];
        }
        Kind::Flag => return vec![Code::RequiredFlag],
        Kind::Choice => return vec![Code::RequiredChoice, Code::ChoiceValue],
        Kind::Choices => {
            return vec![
                Code::RequiredChoice,
                Code::ChoiceValue,
                Code::ChoicesFew,
                Code::ChoicesMany,
            ];
        }
        Kind::Attachments => {
            return vec![
                Code::RequiredFile,
                Code::FilePicture,
                Code::FileType,
                Code::FileFolder,
                Code::FileUnreadable,
                Code::FileMismatch,
                Code::FileEmpty,
                Code::FileName,
                Code::FileCount,
                Code::FileTotal,
            ];
        }
    };
    typed.iter().chain(&line).chain(own).copied().collect()
}

fn read_default(reader: &mut Reader<'_>, field: &Field, node: Node) -> Option<String> {
    let (at, kind) = (node.at, field.kind.kind().as_str());
    let answer = match (&field.kind, node.value) {
        (FieldKind::Attachments { .. }, _) => {
            reader.report(at, "a field of this kind cannot have `default`; remove it");
            return None;
        }
        (FieldKind::Flag { yes, .. }, Value::Boolean(ticked)) => {
            if ticked && field.may_be_required() {
                reader.report(
                    at,
                    "the visitor has to tick a required box; remove `default` or `required`",
                );
            }
            return Some(if ticked { *yes } else { yes.other() }.to_string());
        }
        (FieldKind::Flag { .. }, _) => {
            reader.report(at, "the `default` of a flag is true or false");
            return None;
        }
        (FieldKind::Date { .. }, Value::Text(text) | Value::Bare(text))
            if text.parse::<CalendarDate>().is_ok() =>
        {
            text
        }
        (FieldKind::Date { .. }, _) => {
            reader.report(at, "the `default` of a date is a day, such as 2026-01-31");
            return None;
        }
        (FieldKind::Choice { .. }, Value::Text(text)) => text,
        (_, Value::Text(text) | Value::Bare(text)) if !text.trim().is_empty() => {
            normalize(field, &text, DateNotation::of("en"), |_| None)
        }
        _ => {
            reader.report(at, format!("`default` takes an answer to a field of kind `{kind}`"));
            return None;
        }
    };
    if let Some(problem) = check_without_day(field, &answer) {
        let sentence = problem.sentence();
        reader.report(at, format!("`default` is not a valid answer: {sentence}"));
    }
    Some(answer)
}

fn read_prefill(
    reader: &mut Reader<'_>,
    field: &Field,
    Located { at, value }: Located<String>,
) -> Option<String> {
    let why = match &field.kind {
        FieldKind::Attachments { .. } => "an address cannot contain files",
        FieldKind::Flag { .. } => "only the visitor may tick a box",
        _ => return Some(value),
    };
    reader.report(at, format!("a field of this kind cannot have `prefill`: {why}; remove it"));
    None
}
