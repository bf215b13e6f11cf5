//! A field's limits: the number and size of files, the number of choices, and the first and last
//! day.

use super::reader::{Located, Reader, Table};
use super::tree::{Position, Value};
use crate::attachments::{COUNT_LIMIT, TOTAL_LIMIT, size_text};
use crate::definition::{ChoicesControl, DateBound, FieldKind};

pub(super) fn read_max_files(reader: &mut Reader<'_>, table: &mut Table) -> Option<Located<u32>> {
    let number = table.take_number(reader, "max_files")?;
    if usize::try_from(number.value).is_ok_and(|files| files <= COUNT_LIMIT) {
        return Some(number);
    }
    let message =
        format!("`max_files` can be at most {COUNT_LIMIT}; the CRM drops any further files");
    reader.report(number.at, message);
    None
}

/// Reads a number of bytes, or a string such as "20 MB".
pub(super) fn read_max_total(reader: &mut Reader<'_>, table: &mut Table) -> Option<Located<u64>> {
    let node = table.take("max_total")?;
    let bytes = match &node.value {
        Value::Bare(digits) => digits.parse().ok(),
        Value::Text(text) => parse_bytes(text),
        _ => None,
    };
    match bytes {
        Some(value @ 1..=TOTAL_LIMIT) => Some(Located { at: node.at, value }),
        Some(_) => {
            let limit = size_text(TOTAL_LIMIT);
            let message =
                format!("`max_total` must be between 1 byte and {limit}, the limit of the CRM");
            reader.report(node.at, message);
            None
        }
        None => {
            reader
                .report(node.at, "`max_total` takes a number of bytes or a size such as \"20 MB\"");
            None
        }
    }
}

fn parse_bytes(text: &str) -> Option<u64> {
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

/// Reads a number of answers, which must be at least 2: for one answer, authors use `required` or
/// the kind `choice`.
pub(super) fn read_choices(
    reader: &mut Reader<'_>,
    table: &mut Table,
    name: &'static str,
) -> Option<Located<u32>> {
    let number = table.take_number(reader, name)?;
    if number.value >= 2 {
        return Some(number);
    }
    let instead = match name {
        "min_choices" => "for at least one answer, write required = true",
        _ => "to allow only one answer, write kind = \"choice\"",
    };
    reader.report(number.at, format!("`{name}` must be at least 2; {instead}"));
    None
}

/// Reports limits that no answer can meet, and options that chips cannot show.
pub(super) fn check_choices(reader: &mut Reader<'_>, at: Position, kind: &FieldKind) {
    let FieldKind::Choices { options, control, other, min, max } = kind else { return };
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        let message = format!("`min_choices` ({min}) is above `max_choices` ({max}); swap them");
        reader.report(at, message);
    }
    let count = u32::try_from(options.len()).unwrap_or(u32::MAX);
    if let Some(min) = min.filter(|min| !other && *min > count && count > 0) {
        let message = format!("`min_choices` is {min}, but there are only {count} options");
        reader.report(at, message);
    }
    let has_values = options.iter().any(|option| option.value != option.label);
    if *control == Some(ChoicesControl::Chips) && has_values {
        let message = "with control = \"chips\", visitors type the options, so an option cannot \
                       have another value than its label; write it as a text";
        reader.report(at, message);
    }
}

/// Reads a day, `today`, or a number of days from today.
pub(super) fn read_date_bound(
    reader: &mut Reader<'_>,
    table: &mut Table,
    name: &'static str,
) -> Option<Located<DateBound>> {
    let node = table.take(name)?;
    let bound = match &node.value {
        Value::Text(text) | Value::Bare(text) => text.parse().ok(),
        _ => None,
    };
    if bound.is_none() {
        let message = format!(
            "`{name}` takes a day such as \"2026-01-31\", \"today\", \"today+30d\" or \"today-7d\""
        );
        reader.report(node.at, message);
    }
    bound.map(|value| Located { at: node.at, value })
}

/// Returns false if `min` is after `max`, whatever the current day is.
pub(super) fn is_in_order(min: DateBound, max: DateBound) -> bool {
    match (min, max) {
        (DateBound::Day(min), DateBound::Day(max)) => min <= max,
        (DateBound::Today(min), DateBound::Today(max)) => min <= max,
        // The order depends on the current day.
        _ => true,
    }
}
