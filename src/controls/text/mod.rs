//! Answers that are typed.

use deal_contract::input::InputHints;
use deal_contract::kind::{Kind, TextFormat};
use web_sys::Element;

use super::dom::set;
use super::field::Maker;

/// One line, with the keyboard that fits.
pub(super) fn line(maker: &Maker<'_>) -> Element {
    let kind = maker.definition.kind.kind();
    let hints = InputHints::of(kind);
    // No `maxlength`: it cuts off what is pasted without a word; the check says how much is over.
    let line = maker.make("input;class=df-input;part=input", "");
    set(&line, "type", hints.input_type);
    set(&line, "inputmode", hints.inputmode);
    set(&line, "autocapitalize", hints.autocapitalize);
    set(&line, "autocorrect", hints.autocorrect);
    set(&line, "spellcheck", hints.spellcheck);
    set(&line, "dir", hints.dir);
    // Elsewhere Enter sends the form, or goes on to the next step: what a phone's key says by itself.
    if kind == Kind::Text(TextFormat::Tags) {
        set(&line, "enterkeyhint", "done");
    }
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
