//! What the visitor does: one listener for the whole form.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use reactive_graph::traits::Notify;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, EventTarget, FocusEvent, Node};

use super::view::View;
use super::{FormEvent, Host};
use crate::browser::{Timer, later};
use crate::controls::{Action, Control, FIELD, closest};
use crate::scope::Scope;
use crate::state::{Field, FormState};

/// Listens on `target` as long as the form is on the page.
pub(super) fn listen(
    scope: &Scope,
    target: EventTarget,
    events: &'static [&'static str],
    hear: impl Fn(&Event) + 'static,
) {
    listen_boxed(scope, target, events, Box::new(hear));
}

/// A separate function, so that it is compiled once and not for each listener.
fn listen_boxed(
    scope: &Scope,
    target: EventTarget,
    events: &'static [&'static str],
    hear: Box<dyn Fn(&Event)>,
) {
    let closure = Closure::<dyn Fn(Event)>::new(move |event: Event| hear(&event));
    for event in events {
        // Fails for a target that does not listen, and ours do.
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    }
    scope.keep(Listening { target, events, closure });
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

/// Finds the field that an event is about, and changes its answer. Timers and promises hold it
/// weakly, so that it is dropped with the form.
pub(super) struct Listener {
    pub(super) state: Rc<FormState>,
    pub(super) view: Rc<View>,
    /// The element around the form.
    pub(super) root: Element,
    pub(super) press: Press,
    /// How many groups of files are still being prepared.
    pub(super) pending_files: Rc<Cell<usize>>,
    pub(super) host: Rc<Host>,
}

/// A press of the pointer, from the moment it is down until its click.
#[derive(Default)]
pub(super) struct Press {
    lasts: Cell<bool>,
    /// The fields that were left meanwhile.
    left: RefCell<Vec<usize>>,
    end: Cell<Option<Timer>>,
}

/// How long after a finger was lifted its click comes at the latest. Only then do browsers make mouse
/// events of a tap, and move the focus; some wait for a second tap before.
const TAP: Duration = Duration::from_millis(500);

impl Listener {
    /// All events that a form hears; they bubble up to it.
    pub(super) const EVENTS: &[&str] = &[
        "submit",
        "input",
        "change",
        "keydown",
        "focusout",
        "click",
        "dragover",
        "dragleave",
        "drop",
        "paste",
    ];
    /// How a press begins and ends, on the form or anywhere else on the page.
    pub(super) const PRESSES: &[&str] = &["pointerdown", "pointerup", "pointercancel", "click"];

    /// Does what the event asks for.
    pub(super) fn hear(self: &Rc<Self>, event: &Event) {
        let name = event.type_();
        match name.as_str() {
            "dragover" | "dragleave" | "drop" => return self.drag(event.unchecked_ref()),
            "paste" => return self.paste(event.unchecked_ref()),
            _ => {}
        }
        let Some((index, field, control)) = self.field(event) else { return };
        let changed = match control.hear(&name, event) {
            Action::Nothing => false,
            Action::Wrote(text) => {
                self.write(field, text);
                // A text is changed when it is left, not at each letter.
                name != "input"
            }
            Action::Added(chooser) => {
                self.add(index, &chooser);
                control.forget_chosen();
                false
            }
            Action::Removed(file) => {
                field.remove_file(file);
                self.state.edited.notify();
                control.focus();
                true
            }
        };
        if name == "focusout" {
            self.leave(index, control, event.unchecked_ref());
        }
        if changed {
            self.report_change(field);
        }
    }

    /// The field around the event's target, and its index.
    fn field(&self, event: &Event) -> Option<(usize, &Field, &Control)> {
        let (_, index) = closest(event.target(), FIELD)?;
        let index: usize = index.parse().ok()?;
        Some((index, self.state.fields.get(index)?, self.view.controls().get(index)?))
    }

    /// Reports to the page that the visitor has changed the answer.
    pub(super) fn report_change(&self, field: &Field) {
        (self.host.on_event)(FormEvent::Change(field.question().parameter.clone()));
    }

    fn write(&self, field: &Field, text: String) {
        if field.write(text) {
            self.state.edited.notify();
        }
    }

    /// The field was left. If it was by a press, it is done with after that: a sentence or a chip
    /// that appears before moves what is pressed away, and no click comes of it.
    fn leave(&self, index: usize, control: &Control, event: &FocusEvent) {
        let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
        if control.frame.contains(next.as_ref()) && next.is_some() {
            return;
        }
        if self.press.lasts.get() {
            self.press.left.borrow_mut().push(index);
        } else {
            self.finish(index);
        }
    }

    /// From now on the problems of that field show.
    fn finish(&self, index: usize) {
        if let (Some(field), Some(control)) =
            (self.state.fields.get(index), self.view.controls().get(index))
        {
            if let Some(text) = control.finish() {
                self.write(field, text);
            }
            field.leave(&self.state.locale);
        }
    }

    /// The pointer is down or up. When it is up its click is still to come; with the click the press
    /// is over, once everybody has heard of it.
    pub(super) fn press(self: &Rc<Self>, event: &Event) {
        let end = match event.type_().as_str() {
            "pointerdown" => {
                self.press.lasts.set(true);
                None
            }
            "pointerup" => self.end_press(TAP),
            _ => self.end_press(Duration::ZERO),
        };
        self.press.end.set(end);
    }

    fn end_press(self: &Rc<Self>, pause: Duration) -> Option<Timer> {
        let listener = Rc::downgrade(self);
        later(pause, move || {
            let Some(listener) = listener.upgrade() else { return };
            listener.press.lasts.set(false);
            for index in listener.press.left.take() {
                // The click may have led back to where the visitor was.
                if !listener.view.controls().get(index).is_some_and(Control::has_focus) {
                    listener.finish(index);
                }
            }
        })
    }
}
