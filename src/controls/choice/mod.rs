//! The controls for choices: a select, radio buttons or checkboxes, each with or without a line for
//! the visitor's own answer.

use deal_contract::definition::{Choice, Field};
use deal_contract::messages::MessageKey;
use deal_contract::values::choices::{self, OTHER};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};

use super::dom::{append, set, set_visible};
use super::field::Maker;
use super::text::identify;

/// A select whose first option is empty.
#[derive(Debug)]
pub(super) struct Select {
    select: HtmlSelectElement,
    other: Option<HtmlInputElement>,
}

/// Radio buttons or checkboxes.
#[derive(Debug)]
pub(super) struct Options {
    boxes: Vec<HtmlInputElement>,
    other: Option<HtmlInputElement>,
}

impl Select {
    /// Creates the select and adds it to `parent`.
    pub(super) fn new(maker: &Maker<'_>, parent: &Element) -> Self {
        let element = identify(maker, maker.make("select;class=df-input;part=input", ""));
        let option = |value: &str, option: Element| {
            // Without the attribute, the option's value would be its text.
            let _ = option.set_attribute("value", value);
            append(&element, &[&option]);
        };
        option("", maker.make("option", &maker.locale.say(MessageKey::Choose)));
        for Choice { value, label } in maker.definition.kind.options() {
            option(value, maker.make_author_text("option", label));
        }
        append(parent, &[&element]);
        let other = maker.definition.kind.takes_other().then(|| {
            option(OTHER, maker.make("option", &maker.locale.say(MessageKey::Other)));
            other_line(maker, parent)
        });
        Self { select: element.unchecked_into(), other }
    }

    pub(super) fn element(&self) -> &Element {
        &self.select
    }

    /// Returns the current answer.
    pub(super) fn text(&self) -> String {
        answer(self.select.value(), self.other.as_ref())
    }

    /// Shows this answer.
    pub(super) fn write(&self, definition: &Field, text: &str) {
        if self.text() != text {
            let is_other = self.other.is_some() && is_other(definition, text);
            self.select.set_value(if is_other { OTHER } else { text });
            write_other(self.other.as_ref(), if is_other { text } else { "" });
        }
        show_other(self.other.as_ref(), self.select.value() == OTHER);
    }
}

impl Options {
    /// Creates the group with its buttons. Also returns the group's element.
    pub(super) fn new(maker: &Maker<'_>, several: bool) -> (Element, Self) {
        let (group, kind) = if several {
            ("div;class=df-radios;part=checkboxes;role=group", "checkbox")
        } else {
            ("div;class=df-radios;part=radios;role=radiogroup", "radio")
        };
        let group = maker.make(group, "");
        // The group has the id, because links in the page point to the question, not to a button.
        group.set_id(maker.id);
        set(&group, "aria-labelledby", &maker.id("label"));
        let option = |value: &str, label: Element| {
            let line = maker.make("label;class=df-option;part=option", "");
            let button = maker.make("input;class=df-box", "");
            set(&button, "part", kind);
            set(&button, "type", kind);
            set(&button, "name", &maker.definition.parameter);
            set(&button, "value", value);
            append(&line, &[&button, &label]);
            append(&group, &[&line]);
            button.unchecked_into()
        };
        let options = maker.definition.kind.options().iter();
        let mut boxes: Vec<HtmlInputElement> = options
            .map(|choice| option(&choice.value, maker.make_author_text("span", &choice.label)))
            .collect();
        let other = maker.definition.kind.takes_other().then(|| {
            boxes.push(option(OTHER, maker.make("span", &maker.locale.say(MessageKey::Other))));
            other_line(maker, &group)
        });
        (group, Self { boxes, other })
    }

    /// Returns the button that takes the focus: the first ticked button, or the first button if
    /// none are ticked.
    pub(super) fn first(&self) -> Option<&HtmlInputElement> {
        self.boxes.iter().find(|button| button.checked()).or(self.boxes.first())
    }

    /// Returns the current answer.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for button in self.boxes.iter().filter(|button| button.checked()) {
            choices::push(&mut text, &answer(button.value(), self.other.as_ref()));
        }
        text
    }

    /// Shows this answer.
    pub(super) fn write(&self, definition: &Field, text: &str) {
        if self.text() != text {
            let parts = definition.kind.parts(text);
            let mut own = String::new();
            for part in parts.iter().filter(|part| is_other(definition, part)) {
                choices::push(&mut own, part);
            }
            for button in &self.boxes {
                let value = button.value();
                let is_own = value == OTHER && !own.is_empty();
                button.set_checked(is_own || parts.contains(&&*value));
            }
            write_other(self.other.as_ref(), &own);
        }
        let is_other = |button: &HtmlInputElement| button.checked() && button.value() == OTHER;
        show_other(self.other.as_ref(), self.boxes.iter().any(is_other));
    }
}

/// Suggests the options while the visitor types in this line.
pub(super) fn suggest(maker: &Maker<'_>, line: &Element, parent: &Element) {
    let list = maker.make("datalist", "");
    list.set_id(&maker.id("options"));
    for Choice { value, .. } in maker.definition.kind.options() {
        let option = maker.make("option", "");
        set(&option, "value", value);
        append(&list, &[&option]);
    }
    append(parent, &[&list]);
    set(line, "list", &list.id());
}

/// Returns whether the answer is filled in and is not one of the options.
fn is_other(definition: &Field, answer: &str) -> bool {
    let options = definition.kind.options();
    !answer.is_empty() && !options.iter().any(|option| option.value == answer)
}

/// Creates the line for an answer that is not in the list.
fn other_line(maker: &Maker<'_>, parent: &Element) -> HtmlInputElement {
    let kind = "input;class=df-input df-other;part=input;type=text;dir=auto;autocomplete=off;hidden=hidden";
    let line = maker.make(kind, "");
    set(&line, "aria-label", &maker.locale.say(MessageKey::OtherAnswer));
    set(&line, "aria-describedby", &maker.id("problem"));
    // The same name as in the plain form, so that the focus can move from that form's line to this
    // one.
    set(&line, "name", &maker.definition.parameter);
    append(parent, &[&line]);
    line.unchecked_into()
}

/// Returns the value of a chosen option. For *Other*, returns the text in its line instead if there
/// is any.
fn answer(value: String, other: Option<&HtmlInputElement>) -> String {
    let own = other.filter(|_| value == OTHER).map(HtmlInputElement::value);
    own.filter(|own| !own.trim().is_empty()).unwrap_or(value)
}

fn write_other(other: Option<&HtmlInputElement>, text: &str) {
    if let Some(line) = other {
        line.set_value(if text == OTHER { "" } else { text });
    }
}

fn show_other(other: Option<&HtmlInputElement>, visible: bool) {
    if let Some(line) = other {
        set_visible(line, visible);
    }
}
