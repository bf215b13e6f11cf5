//! The control for a date: a text input with the browser's calendar beside it.
//!
//! The answer is the text. A bare `<input type="date">` reports an incomplete or impossible day as
//! empty, so the typed text would be lost. Here, such an input only provides the calendar.

use deal_contract::definition::DateBound;
use deal_contract::messages::MessageKey;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::dom::{append, set};
use super::field::Maker;
use super::{CALENDAR, PICKER};
use crate::clock::today;

/// Creates the input with a button that opens the calendar, and the calendar's hidden date input.
pub(super) fn with_calendar(
    maker: &Maker<'_>,
    input: &Element,
    [min, max]: [Option<DateBound>; 2],
) -> (Element, HtmlInputElement) {
    // Left to right in every language, as the date itself is: the button follows the digits.
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

/// Opens the browser's calendar at the day of the picker.
pub(super) fn open_calendar(picker: &HtmlInputElement) {
    // Browsers before 2022 cannot open the calendar from a script; the visitor can still type the
    // day.
    let _ = picker.show_picker();
}
