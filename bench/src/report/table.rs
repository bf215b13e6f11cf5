//! Formats tables in Markdown.

use std::fmt::Write as _;

use super::statistics::{Summary, number, summary};
use crate::results::{Column, Row, Table};

/// Formats a line for each row, with the medians, and the minimum and maximum in brackets.
pub(super) fn markdown(table: &Table) -> String {
    let mut text = "| |".to_owned();
    for column in &table.columns {
        write!(text, " {} |", titled(column)).unwrap();
    }
    text += "\n|---|";
    text += &"---:|".repeat(table.columns.len());
    text.push('\n');
    for Row { case, ours, figures } in &table.rows {
        let case = if *ours { format!("**{case}**") } else { case.clone() };
        write!(text, "| {case} |").unwrap();
        for values in figures {
            write!(text, " {} |", cell(values)).unwrap();
        }
        text.push('\n');
    }
    text + "\n"
}

/// Returns the column's name with its unit.
pub(super) fn titled(Column { name, unit, .. }: &Column) -> String {
    if unit.is_empty() { name.clone() } else { format!("{name}, {unit}") }
}

/// Formats the median, with the minimum and maximum in brackets.
pub(super) fn cell(values: &[f64]) -> String {
    let Some(Summary { min, median, max }) = summary(values) else { return "–".to_owned() };
    let [min, median, max] = [min, median, max].map(number);
    if min == max { median } else { format!("{median} ({min}–{max})") }
}
