//! A day: typed as text, or taken from the browser's calendar.
//!
//! The text is the truth. A bare `<input type="date">` shows a half-typed or impossible day as
//! empty and so swallows what was typed; here it is only the calendar beside the text.

use deal_contract::template::fill;
use web_sys::Element;

use super::dom::append;
use super::field::Maker;
use super::{CALENDAR, PICKER};

/// The input with a button behind it that opens the calendar.
pub(super) fn with_calendar(maker: &Maker<'_>, input: &Element) -> Element {
    let line = maker.make("div", &[("class", "df-date")], "");
    let label = fill(maker.words.choose_date, &[("label", &maker.definition.label)]);
    let button = maker.make(
        "button",
        &[
            ("class", "df-calendar"),
            ("part", "calendar-button"),
            ("type", "button"),
            ("aria-label", &label),
            (CALENDAR, "open"),
        ],
        "",
    );
    let picker = maker.make(
        "input",
        &[
            ("class", "df-picker"),
            ("type", "date"),
            ("tabindex", "-1"),
            ("aria-hidden", "true"),
            (PICKER, "date"),
        ],
        "",
    );
    append(&line, &[input, &picker, &button]);
    line
}
