//! Formats the lines that say whether targets are met or missed.

use std::fmt::Write as _;

use super::statistics::{number, summary};
use super::table::cell;
use crate::results::{Better, Goal};

/// Formats a line for each goal that was measured. The median decides whether the goal is met.
pub(super) fn lines(goals: &[Goal]) -> String {
    let mut text = String::new();
    for Goal { title, unit, better, bound, figures } in goals {
        let Some(summary) = summary(figures) else { continue };
        let (word, is_met) = match better {
            Better::Lower => ("most", summary.median <= *bound),
            Better::Higher => ("least", summary.median >= *bound),
        };
        let verdict = if is_met { "met" } else { "**missed**" };
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let (bound, cell) = (number(*bound), cell(figures));
        writeln!(text, "- {title}, at {word} {bound}{unit}: {cell}, {verdict}").unwrap();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::results::{Better, Goal};

    #[track_caller]
    fn check(better: Better, bound: f64, expected: &str) {
        let figures = vec![3.0, 1.0, 2.0];
        let goal = Goal { title: "Time".to_owned(), unit: "ms".to_owned(), better, bound, figures };
        assert_eq!(lines(&[goal]), expected);
    }

    #[test]
    fn reports_met_and_missed_targets() {
        check(Better::Lower, 2.0, "- Time, at most 2.00 ms: 2.00 (1.00–3.00), met\n");
        check(Better::Lower, 1.9, "- Time, at most 1.90 ms: 2.00 (1.00–3.00), **missed**\n");
        check(Better::Higher, 2.1, "- Time, at least 2.10 ms: 2.00 (1.00–3.00), **missed**\n");
    }
}
