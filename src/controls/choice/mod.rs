//! The control for a choice: a select or radio buttons.

use deal_contract::definition::Choice;
use deal_contract::messages::MessageKey;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::dom::{append, set};
use super::field::Maker;
use super::text::identify;

/// A select whose first option is empty.
pub(super) fn select(maker: &Maker<'_>, options: &[Choice]) -> Element {
    let select = identify(maker, maker.make("select;class=df-input;part=input", ""));
    let nothing = maker.make("option", &maker.locale.say(MessageKey::Choose));
    // Without the attribute, the option's value would be its text.
    let _ = nothing.set_attribute("value", "");
    append(&select, &[&nothing]);
    for choice in options {
        let option = maker.make_author_text("option", &choice.label);
        set(&option, "value", &choice.value);
        append(&select, &[&option]);
    }
    select
}

/// A group of radio buttons, and the buttons.
pub(super) fn radios(maker: &Maker<'_>, options: &[Choice]) -> (Element, Vec<HtmlInputElement>) {
    let group = maker.make("div;class=df-radios;part=radios;role=radiogroup", "");
    // The group has the id, because links in the page point to the question, not to a button.
    group.set_id(maker.id);
    set(&group, "aria-labelledby", &maker.id("label"));
    let buttons = options.iter().map(|choice| radio(maker, &group, choice)).collect();
    (group, buttons)
}

fn radio(maker: &Maker<'_>, group: &Element, choice: &Choice) -> HtmlInputElement {
    let line = maker.make("label;class=df-option;part=option", "");
    let button = maker.make("input;class=df-box;part=radio;type=radio", "");
    set(&button, "name", &maker.definition.parameter);
    set(&button, "value", &choice.value);
    append(&line, &[&button, &maker.make_author_text("span", &choice.label)]);
    append(group, &[&line]);
    button.unchecked_into()
}
