//! What is told of several values of one figure.

/// The middle one, and the two that all others are between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Summary {
    pub(super) least: f64,
    pub(super) median: f64,
    pub(super) most: f64,
}

/// `None` where there is nothing to tell of.
pub(super) fn summary(values: &[f64]) -> Option<Summary> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let (least, most) = (*values.first()?, *values.last()?);
    let half = values.len() / 2;
    let median = match values.len() % 2 {
        0 => f64::midpoint(values[half - 1], values[half]),
        _ => values[half],
    };
    Some(Summary { least, median, most })
}

/// Three digits that matter.
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
        let told = summary(values).map(|told| [told.least, told.median, told.most]);
        assert_eq!(told, expected);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        check(&[3.0, 1.0, 2.0], Some([1.0, 2.0, 3.0]));
        check(&[4.0, 1.0, 2.0, 9.0], Some([1.0, 3.0, 9.0]));
        check(&[], None);
    }

    #[test]
    fn three_digits_matter() {
        let told: Vec<_> = [0.0, 0.1234, 1.234, 12.34, 1234.5].map(number).into();
        assert_eq!(told, ["0", "0.123", "1.23", "12.3", "1234"]);
    }
}
