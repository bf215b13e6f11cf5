//! The control for tags: a chip with a button for each tag, and an input for the next one. The chips are
//! beside the input, so that the first ones do not move the questions below.
//!
//! The answer is one string: the tags, then the text in the input, separated by commas.

use std::cell::RefCell;

use deal_contract::messages::MessageKey;
use deal_contract::values::is_comma;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};

use super::dom::{append, make, set, set_visible};
use super::field::Maker;
use super::{ADD, Announcer, REMOVE};
use crate::locale::Locale;

/// The chips, and the input beside them.
#[derive(Debug)]
pub(super) struct Tags {
    pub(super) input: HtmlInputElement,
    list: Element,
    /// Announces which tag was added or removed.
    announcer: Announcer,
    /// The text of each chip.
    chips: RefCell<Vec<String>>,
    locale: Locale,
}

impl Tags {
    /// Creates the list of chips and the button for this input, and adds all three to `parent`.
    pub(super) fn new(maker: &Maker<'_>, input: &Element, parent: &Element) -> Self {
        let list = maker.make("ul;class=df-tags;part=tags;role=list;hidden=hidden", "");
        let line = maker.make("div;class=df-tag-line", "");
        let add = maker.make(
            "button;class=df-button df-quiet;part=button add-button;type=button",
            &maker.locale.say(MessageKey::TagAdd),
        );
        set(&add, ADD, "tag");
        // The name contains the question, because a page can have several such buttons.
        add.set_id(&maker.id("add"));
        set(&add, "aria-labelledby", &format!("{} {}", add.id(), maker.id("label")));
        let tokens = maker.make("div;class=df-input df-tokens;part=input", "");
        set(input, "class", "df-entry");
        set(input, "part", "tag-input");
        append(&tokens, &[input, &list]);
        append(&line, &[&tokens, &add]);
        append(parent, &[&line]);
        let (input, locale) = (input.clone().unchecked_into(), maker.locale.clone());
        Self { input, list, announcer: maker.announcer.clone(), chips: RefCell::default(), locale }
    }

    /// Returns the current answer.
    pub(super) fn text(&self) -> String {
        let mut text = self.chips.borrow().join(", ");
        let typed = self.input.value();
        if !typed.trim().is_empty() {
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(&typed);
        }
        text
    }

    /// Shows this answer, unless it is shown already.
    pub(super) fn write(&self, text: &str) {
        if self.text() != text {
            self.chips.borrow_mut().clear();
            self.input.set_value("");
            self.add(text);
            self.render();
        }
    }

    /// Moves the last tag into the input, because the visitor is still typing it.
    pub(super) fn edit_last(&self) {
        let last = self.chips.borrow_mut().pop();
        if let Some(last) = last {
            self.input.set_value(&last);
            self.render();
        }
    }

    /// Turns the typed text before the last comma into tags.
    pub(super) fn split_typed(&self) {
        let typed = self.input.value();
        if let Some((tags, rest)) = typed.rsplit_once(is_comma) {
            self.input.set_value(rest.trim_start());
            self.add_and_announce(tags);
        }
    }

    /// Turns the typed text into tags. Returns whether there was any text.
    pub(super) fn commit_typed(&self) -> bool {
        let typed = self.input.value();
        let has_text = !typed.trim().is_empty();
        if has_text {
            self.input.set_value("");
            self.add_and_announce(&typed);
        }
        has_text
    }

    /// Handles a key. Enter turns typed text into a tag; in an empty input, Enter works as in other
    /// fields. Backspace in an empty input removes the last tag. Returns whether the key has
    /// changed the answer.
    pub(super) fn handle_key(&self, event: &KeyboardEvent) -> bool {
        // While an input method composes a word, keys do not change the tags. In Safari, the key
        // that ends the composition arrives after its end, with the code 229.
        let is_composing = event.is_composing() || event.key_code() == 229;
        let in_input = event.target().as_ref() == Some(self.input.as_ref());
        if is_composing || !in_input {
            return false;
        }
        match event.key().as_str() {
            "Enter" => {
                let finished = self.commit_typed();
                if finished {
                    event.prevent_default();
                }
                finished
            }
            "Backspace" if self.input.value().is_empty() => {
                let last = self.chips.borrow().len().checked_sub(1);
                if let Some(last) = last {
                    self.remove(last);
                }
                last.is_some()
            }
            _ => false,
        }
    }

    /// Removes the tag with this index.
    pub(super) fn remove(&self, index: usize) {
        let mut tags = self.chips.borrow_mut();
        if index < tags.len() {
            let tag = tags.remove(index);
            self.announcer.say(&self.locale.fill(MessageKey::TagRemoved, &[("tag", &tag)]));
        }
        drop(tags);
        self.render();
    }

    /// Adds the new tags in the text, and returns them.
    fn add(&self, text: &str) -> String {
        let mut tags = self.chips.borrow_mut();
        let before = tags.len();
        for tag in text.split(is_comma).map(str::trim).filter(|tag| !tag.is_empty()) {
            if !tags.iter().any(|known| known == tag) {
                tags.push(tag.to_owned());
            }
        }
        tags.get(before..).unwrap_or_default().join(", ")
    }

    fn add_and_announce(&self, text: &str) {
        let added = self.add(text);
        if !added.is_empty() {
            self.announcer.say(&self.locale.fill(MessageKey::TagAdded, &[("tag", &added)]));
        }
        self.render();
    }

    /// Updates the chips. Does not recreate remaining chips, because the visitor may be pressing
    /// the button of one of them.
    fn render(&self) {
        let tags = self.chips.borrow();
        set_visible(&self.list, !tags.is_empty());
        let mut chip = self.list.first_element_child();
        for (index, tag) in tags.iter().enumerate() {
            while let Some(other) = chip.take_if(|chip| !is_chip_of(chip, tag)) {
                chip = other.next_element_sibling();
                other.remove();
            }
            let current = chip.take().or_else(|| self.add_chip(tag));
            let Some(current) = current else { return };
            if let Some(remove) = current.last_element_child() {
                set(&remove, REMOVE, &index.to_string());
            }
            chip = current.next_element_sibling();
        }
        while let Some(other) = chip {
            chip = other.next_element_sibling();
            other.remove();
        }
    }

    /// Appends a chip.
    fn add_chip(&self, tag: &str) -> Option<Element> {
        let document = self.list.owner_document()?;
        let chip = make(&document, "li;class=df-tag;part=tag", "");
        let label = self.locale.fill(MessageKey::TagRemove, &[("tag", tag)]);
        let remove =
            make(&document, "button;class=df-tag-remove;part=tag-remove-button;type=button", "×");
        set(&remove, "aria-label", &label);
        append(&chip, &[&make(&document, "span;dir=auto", tag), &remove]);
        append(&self.list, &[&chip]);
        Some(chip)
    }
}

/// Returns whether this is the chip of this tag.
fn is_chip_of(chip: &Element, tag: &str) -> bool {
    chip.first_element_child().and_then(|name| name.text_content()).is_some_and(|name| name == tag)
}
