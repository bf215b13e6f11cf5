//! Bar charts as SVG, on a white background for light and dark pages.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{PathElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{BLACK, Color, IntoFont, RGBColor, TextStyle, WHITE};

use super::statistics::{Summary, number, summary};
use crate::results::{Plot, Row, Table};

type Area<'s> = DrawingArea<SVGBackend<'s>, Shift>;

const WIDTH: i32 = 760;
/// The left end of the bars. Names are to the left of it.
const LEFT: i32 = 185;
/// Space after the longest bar for its value.
const RIGHT: i32 = 70;
/// Space for the title, and for the legend if the plot has several columns.
const TOP: i32 = 40;
const LEGEND: i32 = 24;
const BAR: i32 = 15;
const GAP: i32 = 12;

/// The colours for our bars and for the other bars, with one shade for each column.
const OURS: [RGBColor; 3] =
    [RGBColor(20, 70, 160), RGBColor(70, 125, 215), RGBColor(150, 190, 245)];
const OTHERS: [RGBColor; 3] =
    [RGBColor(85, 85, 85), RGBColor(140, 140, 140), RGBColor(195, 195, 195)];

/// Draws the plot. For each row, bars show the medians, and lines reach from the minimum to the
/// maximum.
pub(super) fn svg(table: &Table, plot: &Plot) -> String {
    let columns = columns(table, plot);
    let bars = i32::try_from(columns.len()).unwrap();
    let first = if bars > 1 { TOP + LEGEND } else { TOP };
    let row_height = bars * BAR + GAP;
    let height = first + row_height * i32::try_from(table.rows.len()).unwrap();
    let longest =
        columns.iter().flat_map(|&column| table.rows.iter().map(move |row| &row.figures[column]));
    let longest = longest
        .filter_map(|values| summary(values))
        .map(|summary| summary.max)
        .fold(f64::MIN_POSITIVE, f64::max);

    let mut text = String::new();
    let size = [WIDTH, height].map(|side| u32::try_from(side).unwrap());
    let area = SVGBackend::with_string(&mut text, size.into()).into_drawing_area();
    area.fill(&WHITE).unwrap();
    write(&area, &plot.title, (12, TOP / 2), 16, HPos::Left);
    if bars > 1 {
        legend(&area, &plot.columns);
    }
    for (row, top) in table.rows.iter().zip((first..).step_by(usize::try_from(row_height).unwrap()))
    {
        write(&area, &row.case, (LEFT - 8, top + bars * BAR / 2), 13, HPos::Right);
        for ((&column, top), shade) in columns.iter().zip((top..).step_by(15)).zip(0..) {
            bar(&area, row, column, top, shade, longest);
        }
    }
    area.present().unwrap();
    drop(area);
    text
}

/// Returns the positions of the plot's columns in the table.
fn columns(table: &Table, plot: &Plot) -> Vec<usize> {
    let place = |name: &String| table.columns.iter().position(|column| column.name == *name);
    plot.columns
        .iter()
        .map(|name| place(name).unwrap_or_else(|| panic!("unknown column {name}")))
        .collect()
}

fn legend(area: &Area<'_>, names: &[String]) {
    let mut left = LEFT;
    for (name, shade) in names.iter().zip(OTHERS) {
        let square = [(left, TOP), (left + 11, TOP + 11)];
        area.draw(&Rectangle::new(square, shade.filled())).unwrap();
        write(area, name, (left + 17, TOP + 6), 13, HPos::Left);
        left += 40 + 8 * i32::try_from(name.len()).unwrap();
    }
}

fn bar(area: &Area<'_>, row: &Row, column: usize, top: i32, shade: usize, longest: f64) {
    let Some(Summary { min, median, max }) = summary(&row.figures[column]) else { return };
    let end = |figure: f64| LEFT + pixels(figure / longest * f64::from(WIDTH - LEFT - RIGHT));
    let shades = if row.ours { OURS } else { OTHERS };
    let bar = [(LEFT, top + 1), (end(median).max(LEFT + 1), top + BAR - 1)];
    area.draw(&Rectangle::new(bar, shades[shade].filled())).unwrap();
    let middle = top + BAR / 2;
    area.draw(&PathElement::new([(end(min), middle), (end(max), middle)], BLACK)).unwrap();
    write(area, &number(median), (end(max) + 6, middle), 12, HPos::Left);
}

fn write(area: &Area<'_>, text: &str, place: (i32, i32), height: i32, side: HPos) {
    let style = TextStyle::from(("sans-serif", height).into_font()).color(&BLACK);
    let style = style.pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(text.to_owned(), place, style)).unwrap();
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "plots are small")]
fn pixels(length: f64) -> i32 {
    length.round() as i32
}
