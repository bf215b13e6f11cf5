//! Yes or no.

use web_sys::Element;

use super::field::Maker;

/// A box to tick. What ticking sends is the definition's `yes`, which is not always `1`.
pub(super) fn checkbox(maker: &Maker<'_>) -> Element {
    maker.make(
        "input",
        &[
            ("class", "df-box"),
            ("part", "checkbox"),
            ("id", maker.id),
            ("name", &maker.definition.parameter),
            ("type", "checkbox"),
        ],
        "",
    )
}
