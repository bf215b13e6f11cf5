//! Figures, for people and for programs.

use std::fmt;

use serde_json::{Map, Value, json};

/// What was measured in one way.
pub(crate) struct Table {
    pub(crate) title: &'static str,
    /// How it was measured, whatever the machine.
    pub(crate) method: &'static str,
    /// The names of the figures, with their units.
    pub(crate) columns: &'static [&'static str],
    pub(crate) rows: Vec<Row>,
}

/// What was measured in one case.
pub(crate) struct Row {
    pub(crate) case: String,
    /// One for each column; `None` where this machine does not tell.
    pub(crate) figures: Vec<Option<f64>>,
}

impl Table {
    /// A list of cases, each with its figures by column.
    pub(crate) fn json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let figures = self.columns.iter().zip(&row.figures);
            let mut figures: Map<String, Value> =
                figures.map(|(column, figure)| ((*column).to_owned(), json!(figure))).collect();
            figures.insert("case".to_owned(), json!(row.case));
            Value::Object(figures)
        });
        json!({"method": self.method, "rows": rows.collect::<Vec<_>>()})
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n", self.title, self.method)?;
        let wide = self.rows.iter().map(|row| row.case.chars().count()).max().unwrap_or(0);
        write!(f, "{:wide$}", "")?;
        for column in self.columns {
            write!(f, "  {column:>8}")?;
        }
        writeln!(f)?;
        for row in &self.rows {
            write!(f, "{:wide$}", row.case)?;
            for (column, figure) in self.columns.iter().zip(&row.figures) {
                let figure = figure.map_or("–".to_owned(), text);
                write!(f, "  {figure:>width$}", width = column.chars().count().max(8))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Three digits that matter.
fn text(figure: f64) -> String {
    match figure.abs() {
        0.0 => "0".to_owned(),
        ..1.0 => format!("{figure:.3}"),
        ..10.0 => format!("{figure:.2}"),
        ..100.0 => format!("{figure:.1}"),
        _ => format!("{figure:.0}"),
    }
}

/// The figure that so many of a hundred do not exceed.
pub(crate) fn percentile(figures: &mut [f64], hundredths: usize) -> f64 {
    figures.sort_by(f64::total_cmp);
    let rank = (figures.len() * hundredths).div_ceil(100).max(1);
    figures[rank - 1]
}
