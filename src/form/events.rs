//! What the visitor does: one listener for the whole form.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use deal_contract::definition::FieldKind;
use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::{StoredValue, WithValue, on_cleanup};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    DataTransfer, DragEvent, Element, Event, EventTarget, FileList, FocusEvent, HtmlInputElement,
    Node,
};

use crate::controls::{CALENDAR, Control, FIELD, PICKER, REMOVE, closest};
use crate::state::{Field, FormState};
use crate::submission::Attempt;

/// Listens on `target` as long as the current reactive owner lives.
pub(super) fn listen(
    target: EventTarget,
    events: &'static [&'static str],
    hear: impl Fn(&Event) + 'static,
) {
    let closure = Closure::<dyn Fn(Event)>::new(move |event: Event| hear(&event));
    for event in events {
        // Fails for a target that does not listen, and ours do.
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    }
    let listening = StoredValue::new_local((target, closure));
    on_cleanup(move || {
        listening.with_value(|(target, closure)| {
            for event in events {
                let closure = closure.as_ref().unchecked_ref();
                let _ = target.remove_event_listener_with_callback(event, closure);
            }
        });
    });
}

/// Finds the field that an event is about, and changes its answer.
#[derive(Clone)]
pub(super) struct Listener {
    pub(super) state: Rc<FormState>,
    pub(super) controls: Rc<[Control]>,
    pub(super) attempt: Attempt,
    /// The element around the form.
    pub(super) root: Element,
    /// Whether a finger or a button of the mouse is down, and which field was left since.
    pub(super) press: Rc<Press>,
}

/// A press of the pointer.
#[derive(Default)]
pub(super) struct Press {
    down: Cell<bool>,
    left: Cell<Option<usize>>,
}

impl Listener {
    /// All events that a form hears; they bubble up to it.
    pub(super) const EVENTS: &[&str] = &[
        "submit",
        "input",
        "change",
        "focusout",
        "click",
        "pointerdown",
        "dragover",
        "dragleave",
        "drop",
    ];
    /// How a press ends, on the form or anywhere else.
    pub(super) const RELEASES: &[&str] = &["pointerup", "pointercancel"];

    /// Does what the event asks for, and gives the field whose answer the visitor has changed.
    pub(super) fn hear(&self, event: &Event) -> Option<&Field> {
        let name = event.type_();
        match name.as_str() {
            "pointerdown" => {
                self.press.down.set(true);
                return None;
            }
            "dragover" | "dragleave" | "drop" => return self.drag(event.unchecked_ref()),
            _ => {}
        }
        let (index, field, control) = self.field(event)?;
        match name.as_str() {
            "input" => Self::input(field, control, event),
            "change" => {
                Self::change(field, control, event);
                return Some(field);
            }
            "focusout" => self.leave(index, field, control, event.unchecked_ref()),
            "click" if Self::click(field, control, event) => return Some(field),
            _ => {}
        }
        None
    }

    /// The field around the event's target, and its index.
    fn field(&self, event: &Event) -> Option<(usize, &Field, &Control)> {
        let (_, index) = closest(event.target(), FIELD)?;
        let index: usize = index.parse().ok()?;
        Some((index, self.state.fields.get(index)?, self.controls.get(index)?))
    }

    fn input(field: &Field, control: &Control, event: &Event) {
        if let Some((picker, _)) = closest(event.target(), PICKER) {
            field.write(picker.unchecked_into::<HtmlInputElement>().value());
        } else if field.definition.kind != FieldKind::Attachments {
            field.write(control.read(&field.definition));
        }
    }

    fn change(field: &Field, control: &Control, event: &Event) {
        if field.definition.kind == FieldKind::Attachments {
            if let Some(input) = event.target().and_then(|target| target.dyn_into().ok()) {
                let input: HtmlInputElement = input;
                add(field, input.files());
                // So that the same file can be chosen again after it was removed.
                input.set_value("");
            }
        } else if closest(event.target(), PICKER).is_none() {
            // What a browser fills in by itself sometimes comes without `input`.
            field.write(control.read(&field.definition));
        }
    }

    /// The field was left: from now on its problems show. Only once the pointer is up: a sentence
    /// that appears while it is down moves what is pressed away, and no click comes of it.
    fn leave(&self, index: usize, field: &Field, control: &Control, event: &FocusEvent) {
        let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
        if control.frame.contains(next.as_ref()) && next.is_some() {
            return;
        }
        if self.press.down.get() {
            self.press.left.set(Some(index));
        } else {
            field.leave();
        }
    }

    /// The pointer is up. Its click comes right after, and then the problems may show.
    pub(super) fn release(&self) {
        self.press.down.set(false);
        if let Some(index) = self.press.left.take() {
            let state = Rc::clone(&self.state);
            let leave = move || state.fields.get(index).into_iter().for_each(Field::leave);
            set_timeout(leave, Duration::ZERO);
        }
    }

    /// Whether a file was removed.
    fn click(field: &Field, control: &Control, event: &Event) -> bool {
        if let Some((_, index)) = closest(event.target(), REMOVE) {
            if let Ok(index) = index.parse() {
                field.remove_file(index);
                control.focus();
            }
            return true;
        }
        if closest(event.target(), CALENDAR).is_some() {
            control.open_calendar();
        }
        false
    }

    /// Files over any part of the form: left to the browser, one dropped beside the zone would be
    /// opened in place of the page, with all that was typed.
    fn drag(&self, event: &DragEvent) -> Option<&Field> {
        let data = event.data_transfer().filter(carries_files)?;
        event.prevent_default();
        let field = self.takes_files(event);
        let dropped = event.type_() == "drop";
        let over = field.is_some() && event.type_() == "dragover";
        let _ = self.root.class_list().toggle_with_force("df-dragging", over);
        if field.is_none() {
            data.set_drop_effect("none");
        }
        let field = field.filter(|_| dropped)?;
        add(field, data.files());
        Some(field)
    }

    /// The field that a file dropped here belongs to: the one below, or the form's only one.
    fn takes_files(&self, event: &Event) -> Option<&Field> {
        let takes = |field: &&Field| field.definition.kind == FieldKind::Attachments;
        if self.attempt.is_sending() {
            return None;
        }
        let below = self.field(event).map(|(_, field, _)| field).filter(takes);
        below.or_else(|| self.state.fields.iter().find(takes))
    }
}

fn carries_files(data: &DataTransfer) -> bool {
    data.types().iter().any(|kind| kind == "Files")
}

fn add(field: &Field, files: Option<FileList>) {
    if let Some(files) = files.filter(|files| files.length() > 0) {
        field.add_files((0..files.length()).filter_map(|index| files.item(index)));
    }
}
