//! The limits of a field: number and size of files, first and last day.

use super::reader::{Located, Reader, Table};
use super::tree::Value;
use crate::attachments::{COUNT_LIMIT, TOTAL_LIMIT, size_text};
use crate::definition::DateBound;

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

/// A number of bytes, or a string such as "20 MB".
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

/// A day, `today`, or a number of days from today.
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

/// Whether `min` is not after `max`.
pub(super) fn is_in_order(min: DateBound, max: DateBound) -> bool {
    match (min, max) {
        (DateBound::Day(min), DateBound::Day(max)) => min <= max,
        (DateBound::Today(min), DateBound::Today(max)) => min <= max,
        // The order depends on the current day.
        _ => true,
    }
}
