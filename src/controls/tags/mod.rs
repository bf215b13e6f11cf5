//! Tags: each a chip that can be removed, and a line to type the next one.
//!
//! The answer stays one text, split by commas: the chips, then what is being typed.

use std::cell::RefCell;

use deal_contract::messages::MessageKey;
use deal_contract::values::is_comma;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};

use super::dom::{append, make, set, show};
use super::field::Maker;
use super::{ADD, REMOVE};
use crate::locale::Locale;

/// The chips, and the line below them.
#[derive(Debug)]
pub(super) struct Tags {
    pub(super) input: HtmlInputElement,
    list: Element,
    /// Tells a screen reader what was added or removed.
    told: Element,
    /// What the chips say.
    chips: RefCell<Vec<String>>,
    locale: Locale,
}

impl Tags {
    /// Around that input; goes into the frame.
    pub(super) fn new(maker: &Maker<'_>, input: &Element, frame: &Element) -> Self {
        let list = maker.make("ul;class=df-tags;part=tags;role=list;hidden=hidden", "");
        let line = maker.make("div;class=df-tag-line", "");
        let add = maker.make(
            "button;class=df-button df-quiet;part=button add-button;type=button",
            &maker.locale.say(MessageKey::TagAdd),
        );
        set(&add, ADD, "tag");
        let told = maker.make("span;class=df-unseen;role=status", "");
        append(&line, &[input, &add]);
        append(frame, &[&list, &line, &told]);
        let (input, locale) = (input.clone().unchecked_into(), maker.locale.clone());
        Self { input, list, told, chips: RefCell::default(), locale }
    }

    /// The whole answer as it stands.
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

    /// Shows that answer, unless it stands there.
    pub(super) fn write(&self, text: &str) {
        if self.text() != text {
            self.chips.borrow_mut().clear();
            self.input.set_value("");
            self.add(text);
            self.draw();
        }
    }

    /// What is typed before a comma is a tag.
    pub(super) fn typed(&self) {
        let typed = self.input.value();
        if let Some((tags, rest)) = typed.rsplit_once(is_comma) {
            self.input.set_value(rest.trim_start());
            self.tell_added(tags);
        }
    }

    /// What is typed is a tag; tells whether anything was.
    pub(super) fn finish(&self) -> bool {
        let typed = self.input.value();
        let some = !typed.trim().is_empty();
        if some {
            self.input.set_value("");
            self.tell_added(&typed);
        }
        some
    }

    /// Enter finishes a tag, and only where none is typed does what it does elsewhere; the
    /// backspace key in an empty line removes the last one. Tells whether the key was meant for
    /// the tags.
    pub(super) fn key(&self, event: &KeyboardEvent) -> bool {
        // A word that an input method is still composing is not typed yet. In Safari the key that
        // ends it comes after it, as number 229.
        let composes = event.is_composing() || event.key_code() == 229;
        let in_line = event.target().as_ref() == Some(self.input.as_ref());
        if composes || !in_line {
            return false;
        }
        match event.key().as_str() {
            "Enter" => {
                let finished = self.finish();
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

    /// Removes the tag at that place.
    pub(super) fn remove(&self, index: usize) {
        let mut tags = self.chips.borrow_mut();
        if index < tags.len() {
            let tag = tags.remove(index);
            self.told.set_text_content(Some(
                &self.locale.fill(MessageKey::TagRemoved, &[("tag", &tag)]),
            ));
        }
        drop(tags);
        self.draw();
    }

    /// Adds those that are not there yet, and tells which.
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

    fn tell_added(&self, text: &str) {
        let added = self.add(text);
        if !added.is_empty() {
            let told = self.locale.fill(MessageKey::TagAdded, &[("tag", &added)]);
            self.told.set_text_content(Some(&told));
        }
        self.draw();
    }

    /// Brings the chips on the page in line with the tags. Those that stay are not made anew: one
    /// may be pressed just now.
    fn draw(&self) {
        let tags = self.chips.borrow();
        show(&self.list, !tags.is_empty());
        let mut chip = self.list.first_element_child();
        for (index, tag) in tags.iter().enumerate() {
            while let Some(other) = chip.take_if(|chip| !says(chip, tag)) {
                chip = other.next_element_sibling();
                other.remove();
            }
            let here = chip.take().or_else(|| self.add_chip(tag));
            let Some(here) = here else { return };
            if let Some(remove) = here.last_element_child() {
                set(&remove, REMOVE, &index.to_string());
            }
            chip = here.next_element_sibling();
        }
        while let Some(other) = chip {
            chip = other.next_element_sibling();
            other.remove();
        }
    }

    /// Another chip behind the others.
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

/// Whether it is the chip of that tag.
fn says(chip: &Element, tag: &str) -> bool {
    chip.first_element_child().and_then(|name| name.text_content()).is_some_and(|name| name == tag)
}
