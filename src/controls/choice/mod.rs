//! One of several answers.

use deal_contract::definition::Choice;
use deal_contract::messages::MessageKey;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::dom::{append, set};
use super::field::Maker;
use super::text::identified;

/// A list that opens, with an empty answer first.
pub(super) fn select(maker: &Maker<'_>, options: &[Choice]) -> Element {
    let select = identified(maker, maker.make("select;class=df-input;part=input", ""));
    let nothing = maker.make("option", &maker.locale.say(MessageKey::Choose));
    // An option without a value has its text for one.
    let _ = nothing.set_attribute("value", "");
    append(&select, &[&nothing]);
    for choice in options {
        let option = maker.authors("option", &choice.label);
        set(&option, "value", &choice.value);
        append(&select, &[&option]);
    }
    select
}

/// Every answer in view: the group, and its buttons.
pub(super) fn radios(maker: &Maker<'_>, options: &[Choice]) -> (Element, Vec<HtmlInputElement>) {
    let group = maker.make("div;class=df-radios;part=radios;role=radiogroup", "");
    // The group has the id, not its first button: links of the page mean the question.
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
    append(&line, &[&button, &maker.authors("span", &choice.label)]);
    append(group, &[&line]);
    button.unchecked_into()
}
