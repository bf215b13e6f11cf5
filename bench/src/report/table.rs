//! A table in Markdown.

use std::fmt::Write as _;

use super::statistics::{Summary, number, summary};
use crate::results::{Column, Row, Table};

/// A line for each row: medians, and in brackets what all rounds are between.
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

/// The column's name, with its unit, if it has one.
pub(super) fn titled(Column { name, unit, .. }: &Column) -> String {
    if unit.is_empty() { name.clone() } else { format!("{name}, {unit}") }
}

/// The median, and in brackets what all values are between.
pub(super) fn cell(values: &[f64]) -> String {
    let Some(Summary { least, median, most }) = summary(values) else { return "–".to_owned() };
    let [least, median, most] = [least, median, most].map(number);
    if least == most { median } else { format!("{median} ({least}–{most})") }
}
