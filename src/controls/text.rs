//! Answers that are typed.

use deal_contract::definition::FieldKind;
use web_sys::Element;

use super::dom::set;
use super::field::Maker;

/// One line, with the keyboard that fits.
pub(super) fn line(maker: &Maker<'_>) -> Element {
    let definition = maker.definition;
    let (kind, mode, capitals) = match definition.kind {
        // Not `type=email`: of `max@müller.de` Chromium gives the script another text than it shows,
        // and WebKit calls it invalid.
        FieldKind::Email => ("text", "email", "none"),
        FieldKind::Phone => ("tel", "tel", ""),
        FieldKind::SocialProfile => ("text", "url", "none"),
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
    let line = maker.make("input;class=df-input;part=input", "");
    set(&line, "type", kind);
    set(&line, "inputmode", mode);
    set(&line, "autocapitalize", capitals);
    if definition.kind == FieldKind::Email {
        // What `type=email` would imply.
        set(&line, "autocorrect", "off");
        set(&line, "spellcheck", "false");
    }
    // Elsewhere Enter sends the form, or goes on to the next step: what a phone's key says by itself.
    if definition.kind == FieldKind::Tags {
        set(&line, "enterkeyhint", "done");
    }
    set(&line, "dir", direction);
    identified(maker, line)
}

/// Any number of lines.
pub(super) fn area(maker: &Maker<'_>) -> Element {
    identified(maker, maker.make("textarea;class=df-input;part=input;rows=4;dir=auto", ""))
}

/// With the id, the name and the autofill token of the field. Without a token of its own a field
/// is left to the browser's guess.
pub(super) fn identified(maker: &Maker<'_>, input: Element) -> Element {
    input.set_id(maker.id);
    set(&input, "name", &maker.definition.parameter);
    set(&input, "autocomplete", maker.definition.autocomplete.as_deref().unwrap_or_default());
    input
}
