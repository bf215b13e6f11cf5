//! A day: typed as text, or taken from the browser's calendar.
//!
//! The text is the truth. A bare `<input type="date">` shows a half-typed or impossible day as
//! empty and so swallows what was typed; here it is only the calendar beside the text.

use deal_contract::definition::DateBound;
use deal_contract::messages::MessageKey;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::dom::{append, set};
use super::field::Maker;
use super::{CALENDAR, PICKER};
use crate::clock::today;

/// The input with a button behind it that opens the calendar, and the calendar.
pub(super) fn with_calendar(
    maker: &Maker<'_>,
    input: &Element,
    [min, max]: [Option<DateBound>; 2],
) -> (Element, HtmlInputElement) {
    // As the text in it, from left to right in every language: the button stands after the digits.
    let line = maker.make("div;class=df-date;dir=ltr", "");
    let label = maker.locale.fill(MessageKey::ChooseDate, &[("label", &maker.definition.label)]);
    let button = maker.make("button;class=df-calendar;part=calendar-button;type=button", "");
    set(&button, "aria-label", &label);
    set(&button, CALENDAR, "open");
    let picker = maker.make("input;class=df-picker;type=date;tabindex=-1;aria-hidden=true", "");
    set(&picker, PICKER, "date");
    for (name, bound) in [("min", min), ("max", max)] {
        if let Some(bound) = bound {
            set(&picker, name, &bound.resolve(today()).to_string());
        }
    }
    append(&line, &[input, &picker, &button]);
    (line, picker.unchecked_into())
}

/// Opens the browser's calendar, at the day that was understood if it is one.
pub(super) fn open_calendar(picker: &HtmlInputElement, day: &str) {
    picker.set_value(day);
    // Browsers before 2022 cannot be asked to; the day can still be typed.
    let _ = picker.show_picker();
}
