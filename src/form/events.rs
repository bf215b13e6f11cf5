//! What the visitor does: one listener for the whole form.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use deal_contract::definition::FieldKind;
use reactive_graph::traits::Notify;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Element, Event, EventTarget, File, FileList,
    FocusEvent, Node,
};

use crate::browser::later;
use crate::controls::{Control, Did, FIELD, as_jpeg, closest};
use crate::life::Life;
use crate::state::{Field, FormState};
use crate::submission::Attempt;

/// Listens on `target` as long as the form is on the page.
pub(super) fn listen(
    life: &Life,
    target: EventTarget,
    events: &'static [&'static str],
    hear: impl Fn(&Event) + 'static,
) {
    let closure = Closure::<dyn Fn(Event)>::new(move |event: Event| hear(&event));
    for event in events {
        // Fails for a target that does not listen, and ours do.
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    }
    life.keep(Listening { target, events, closure });
}

/// Listens until it is dropped.
struct Listening {
    target: EventTarget,
    events: &'static [&'static str],
    closure: Closure<dyn Fn(Event)>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        for event in self.events {
            let closure = self.closure.as_ref().unchecked_ref();
            let _ = self.target.remove_event_listener_with_callback(event, closure);
        }
    }
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
        "keydown",
        "focusout",
        "click",
        "pointerdown",
        "dragover",
        "dragleave",
        "drop",
        "paste",
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
            "paste" => {
                self.paste(event.unchecked_ref());
                return None;
            }
            _ => {}
        }
        let (index, field, control) = self.field(event)?;
        let changed = match control.hear(&name, event, field.question()) {
            Did::Nothing => false,
            Did::Wrote(text) => {
                if field.write(text) {
                    self.state.edited.notify();
                }
                // A text is changed when it is left, not at each letter.
                name != "input" && name != "focusout"
            }
            Did::Added(files) => {
                self.add(field, files);
                control.forget_chosen();
                true
            }
            Did::Removed(file) => {
                field.remove_file(file);
                self.state.edited.notify();
                control.focus();
                true
            }
        };
        if name == "focusout" {
            self.leave(index, field, control, event.unchecked_ref());
        }
        changed.then_some(field)
    }

    /// The field around the event's target, and its index.
    fn field(&self, event: &Event) -> Option<(usize, &Field, &Control)> {
        let (_, index) = closest(event.target(), FIELD)?;
        let index: usize = index.parse().ok()?;
        Some((index, self.state.fields.get(index)?, self.controls.get(index)?))
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
            let _ = later(Duration::ZERO, leave);
        }
    }

    /// Files over any part of the form: left to the browser, one dropped beside the zone would be
    /// opened in place of the page, with all that was typed.
    fn drag(&self, event: &DragEvent) -> Option<&Field> {
        let data = event.data_transfer().filter(carries_files)?;
        event.prevent_default();
        let field = self.takes_files().map(|(_, field)| field);
        let dropped = event.type_() == "drop";
        let over = field.is_some() && event.type_() == "dragover";
        let _ = self.root.class_list().toggle_with_force("df-dragging", over);
        if field.is_none() {
            data.set_drop_effect("none");
        }
        let field = field.filter(|_| dropped)?;
        self.add(field, data.files());
        Some(field)
    }

    /// Pictures and files from the clipboard. Text that comes with a picture of itself, as from a
    /// table, is text where text is typed.
    fn paste(&self, event: &ClipboardEvent) {
        let Some(data) = event.clipboard_data().filter(carries_files) else { return };
        let text = data.types().iter().any(|kind| kind == "text/plain");
        let Some((index, _)) = self.takes_files().filter(|_| !text) else { return };
        event.prevent_default();
        for file in each(data.files()) {
            let state = Rc::clone(&self.state);
            as_jpeg(file, move |file| {
                if let Some(field) = state.fields.get(index) {
                    field.add_files(std::iter::once(file));
                    state.edited.notify();
                }
            });
        }
    }

    fn add(&self, field: &Field, files: Option<FileList>) {
        let mut files = each(files).peekable();
        if files.peek().is_some() {
            field.add_files(files);
            self.state.edited.notify();
        }
    }

    /// The question that files dropped or pasted here answer, if it is on the page.
    fn takes_files(&self) -> Option<(usize, &Field)> {
        let place = self.state.place();
        let asked = self.state.fields.iter().zip(self.state.asked()).enumerate();
        let mut here = asked.filter(|(index, (_, asked))| {
            *asked && self.state.steps.of_field(*index) == place.step
        });
        let takes = here.find(|(_, (field, _))| field.question().kind == FieldKind::Attachments);
        takes.filter(|_| !self.attempt.is_sending()).map(|(index, (field, _))| (index, field))
    }
}

fn carries_files(data: &DataTransfer) -> bool {
    data.types().iter().any(|kind| kind == "Files")
}

fn each(files: Option<FileList>) -> impl Iterator<Item = File> {
    let length = files.as_ref().map_or(0, FileList::length);
    (0..length).filter_map(move |index| files.as_ref()?.item(index))
}
