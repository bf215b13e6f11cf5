//! Summarizes the values of all rounds.

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Summary {
    pub(super) min: f64,
    pub(super) median: f64,
    pub(super) max: f64,
}

/// Returns the summary, or `None` if there are no values.
pub(super) fn summary(values: &[f64]) -> Option<Summary> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let (min, max) = (*values.first()?, *values.last()?);
    let half = values.len() / 2;
    let median = match values.len() % 2 {
        0 => f64::midpoint(values[half - 1], values[half]),
        _ => values[half],
    };
    Some(Summary { min, median, max })
}

/// Formats a number with about three significant digits.
pub(super) fn number(figure: f64) -> String {
    match figure.abs() {
        0.0 => "0".to_owned(),
        ..1.0 => format!("{figure:.3}"),
        ..10.0 => format!("{figure:.2}"),
        ..100.0 => format!("{figure:.1}"),
        _ => format!("{figure:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{number, summary};

    #[track_caller]
    fn check(values: &[f64], expected: Option<[f64; 3]>) {
        let found = summary(values).map(|it| [it.min, it.median, it.max]);
        assert_eq!(found, expected);
    }

    #[test]
    fn computes_minimum_median_and_maximum() {
        check(&[3.0, 1.0, 2.0], Some([1.0, 2.0, 3.0]));
        check(&[4.0, 1.0, 2.0, 9.0], Some([1.0, 3.0, 9.0]));
        check(&[], None);
    }

    #[test]
    fn shows_about_three_significant_digits() {
        let shown = [0.0, 0.1234, 1.234, 12.34, 1234.5].map(number);
        assert_eq!(shown, ["0", "0.123", "1.23", "12.3", "1234"]);
    }
}
