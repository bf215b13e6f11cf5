//! Answers that are typed.

use deal_contract::definition::FieldKind;
use web_sys::Element;

use super::field::Maker;

/// One line, with the keyboard that fits.
pub(super) fn line(maker: &Maker<'_>) -> Element {
    let definition = maker.definition;
    let (kind, mode, capitals) = match definition.kind {
        FieldKind::Email => ("email", "email", "none"),
        FieldKind::Phone => ("tel", "tel", ""),
        FieldKind::Handle => ("text", "url", "none"),
        FieldKind::Amount => ("text", "decimal", ""),
        FieldKind::Id => ("text", "numeric", ""),
        _ => ("text", "", ""),
    };
    // The numeric keyboard of some phones has no hyphen, so not for dates.
    let direction = match definition.kind {
        FieldKind::Text | FieldKind::Tags => "auto",
        _ => "ltr",
    };
    // No `maxlength`: it cuts off what is pasted without a word; the check says how much is over.
    maker.make(
        "input",
        &[
            ("class", "df-input"),
            ("part", "input"),
            ("id", maker.id),
            ("name", &definition.parameter),
            ("type", kind),
            ("inputmode", mode),
            ("autocapitalize", capitals),
            ("autocomplete", autocomplete(maker)),
            ("dir", direction),
        ],
        "",
    )
}

/// Any number of lines.
pub(super) fn area(maker: &Maker<'_>) -> Element {
    maker.make(
        "textarea",
        &[
            ("class", "df-input"),
            ("part", "input"),
            ("id", maker.id),
            ("name", &maker.definition.parameter),
            ("rows", "4"),
            ("dir", "auto"),
            ("autocomplete", autocomplete(maker)),
        ],
        "",
    )
}

/// Without a token of its own a field is left to the browser's guess.
fn autocomplete<'a>(maker: &Maker<'a>) -> &'a str {
    maker.definition.autocomplete.as_deref().unwrap_or_default()
}
