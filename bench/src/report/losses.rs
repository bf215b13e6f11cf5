//! Lists the results in which an alternative is better.

use std::fmt::Write as _;

use super::statistics::{number, summary};
use super::table::titled;
use crate::results::{Better, Row, Table};

/// Formats a line for each column in which an alternative has a better median than deal-form's first row.
/// The best alternative comes first.
pub(super) fn lines(table: &Table) -> String {
    let mut text = String::new();
    let Some(ours) = table.rows.iter().find(|row| row.ours) else { return text };
    for (index, column) in table.columns.iter().enumerate() {
        let median = |row: &Row| summary(&row.figures[index]).map(|summary| summary.median);
        let Some(own) = median(ours) else { continue };
        let sign = match column.better {
            Better::Lower => 1.0,
            Better::Higher => -1.0,
        };
        let others = table.rows.iter().filter(|row| !row.ours);
        let mut better: Vec<_> = others
            .filter_map(|row| Some((row, median(row)?)))
            .filter(|(_, figure)| figure * sign < own * sign)
            .collect();
        better.sort_by(|(_, one), (_, other)| (one * sign).total_cmp(&(other * sign)));
        if better.is_empty() {
            continue;
        }
        let better: Vec<_> = better
            .iter()
            .map(|(row, figure)| format!("{} ({})", row.case, number(*figure)))
            .collect();
        let (better, own) = (better.join(", "), number(own));
        writeln!(text, "- {}: {better}; ours: {own}", titled(column)).unwrap();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::results::{Better, Column, Row, Table};

    #[track_caller]
    fn check(better: Better, expected: &str) {
        let row = |case: &str, ours, figure| Row {
            case: case.to_owned(),
            ours,
            figures: vec![vec![figure]],
        };
        let table = Table {
            title: String::new(),
            method: String::new(),
            columns: vec![Column {
                name: "bytes".to_owned(),
                unit: "kB".to_owned(),
                meaning: String::new(),
                better,
            }],
            rows: vec![
                row("ours", true, 3.0),
                row("A", false, 2.0),
                row("B", false, 1.0),
                row("C", false, 4.0),
            ],
            plots: Vec::new(),
            goals: Vec::new(),
        };
        assert_eq!(lines(&table), expected);
    }

    #[test]
    fn lists_results_that_beat_ours_best_first() {
        check(Better::Lower, "- bytes, kB: B (1.00), A (2.00); ours: 3.00\n");
        check(Better::Higher, "- bytes, kB: C (4.00); ours: 3.00\n");
    }
}
