//! The controls for typed text.

use deal_contract::input::InputHints;
use web_sys::Element;

use super::dom::set;
use super::field::Maker;

/// Creates a single-line input. Its attributes make phones show the keyboard for this kind of
/// answer.
pub(super) fn line(maker: &Maker<'_>) -> Element {
    let hints = InputHints::of(maker.definition.kind.kind());
    // No `maxlength`: it silently cuts off pasted text. Instead, the message about the problem
    // contains the number of characters.
    let line = maker.make("input;class=df-input;part=input", "");
    set(&line, "type", hints.input_type);
    set(&line, "inputmode", hints.inputmode);
    set(&line, "autocapitalize", hints.autocapitalize);
    set(&line, "autocorrect", hints.autocorrect);
    set(&line, "spellcheck", hints.spellcheck);
    set(&line, "dir", hints.dir);
    identify(maker, line)
}

/// Creates a multi-line input.
pub(super) fn area(maker: &Maker<'_>) -> Element {
    identify(maker, maker.make("textarea;class=df-input;part=input;rows=4;dir=auto", ""))
}

/// Sets the id, the name and the autofill token of the field. Without a token, the browser guesses
/// what to fill in.
pub(super) fn identify(maker: &Maker<'_>, input: Element) -> Element {
    input.set_id(maker.id);
    set(&input, "name", &maker.definition.parameter);
    set(&input, "autocomplete", maker.definition.autocomplete.as_deref().unwrap_or_default());
    input
}
