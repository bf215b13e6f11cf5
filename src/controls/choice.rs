//! One of several answers.

use web_sys::Element;

use super::dom::append;
use super::field::Maker;

/// A list that opens, with an empty answer first.
pub(super) fn select(maker: &Maker<'_>) -> Element {
    let select = maker.make(
        "select",
        &[
            ("class", "df-input"),
            ("part", "input"),
            ("id", maker.id),
            ("name", &maker.definition.parameter),
        ],
        "",
    );
    let nothing = maker.make("option", &[], maker.words.choose);
    // `make` leaves empty attributes out, and an option without one has its text for a value.
    let _ = nothing.set_attribute("value", "");
    append(&select, &[&nothing]);
    for choice in &maker.definition.options {
        let option = maker.make("option", &[("value", &choice.value)], &choice.label);
        append(&select, &[&option]);
    }
    select
}
