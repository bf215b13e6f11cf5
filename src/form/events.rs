//! Handles the visitor's events with one listener for the whole form.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, EventTarget, FocusEvent, Node};

use super::view::View;
use super::{FormEvent, Host};
use crate::browser::{NextFrame, Timer, later};
use crate::clock::today;
use crate::controls::{Action, Control, FIELD, closest};
use crate::scope::Scope;
use crate::state::{Field, FormState};

/// Listens on `target` as long as the form is on the page.
pub(super) fn listen(
    scope: &Scope,
    target: EventTarget,
    events: &'static [&'static str],
    handler: impl Fn(&Event) + 'static,
) {
    listen_boxed(scope, target, events, Box::new(handler));
}

/// The part of `listen` without generics, so that it is compiled only once.
fn listen_boxed(
    scope: &Scope,
    target: EventTarget,
    events: &'static [&'static str],
    handler: Box<dyn Fn(&Event)>,
) {
    let closure = Closure::<dyn Fn(Event)>::new(move |event: Event| handler(&event));
    for event in events {
        // Fails only for a target without events.
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    }
    scope.keep(Subscription { target, events, closure });
}

/// Listens to events until it is dropped.
struct Subscription {
    target: EventTarget,
    events: &'static [&'static str],
    closure: Closure<dyn Fn(Event)>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        for event in self.events {
            let closure = self.closure.as_ref().unchecked_ref();
            let _ = self.target.remove_event_listener_with_callback(event, closure);
        }
    }
}

/// Finds the field of an event, and changes its answer. Timers and promises hold the listener weakly,
/// so that it is dropped with the form.
pub(super) struct Listener {
    pub(super) state: Rc<FormState>,
    pub(super) view: Rc<View>,
    /// The element around the form.
    pub(super) root: Element,
    pub(super) press: Press,
    /// The number of file selections, drops and pastes whose files are still being prepared.
    pub(super) pending_files: Rc<Cell<usize>>,
    pub(super) host: Rc<Host>,
    /// Renders what the visitor has changed, once before the next frame, however many events there are.
    pub(super) next_frame: NextFrame,
}

/// A press of the pointer, from `pointerdown` until its click.
#[derive(Default)]
pub(super) struct Press {
    is_active: Cell<bool>,
    /// The fields that the visitor has left during the press.
    left_fields: RefCell<Vec<usize>>,
    end_timer: Cell<Option<Timer>>,
}

/// The maximum time between `pointerup` and the click of a tap. Browsers move the focus only with
/// the click, and some wait for a second tap first.
const CLICK_DELAY: Duration = Duration::from_millis(500);

impl Listener {
    /// The events to listen to. They bubble to the form.
    pub(super) const EVENTS: &[&str] = &[
        "submit",
        "input",
        "change",
        "focusout",
        "click",
        "dragover",
        "dragleave",
        "drop",
        "paste",
    ];
    /// The keys that finish or remove a tag. Other forms do not listen for keys, so that typing is fast.
    pub(super) const KEY_EVENTS: &[&str] = &["keydown"];
    /// The events that begin or end a press, on the form or anywhere else on the page.
    pub(super) const PRESS_EVENTS: &[&str] =
        &["pointerdown", "pointerup", "pointercancel", "click"];

    /// Handles an event.
    pub(super) fn handle_event(self: &Rc<Self>, event: &Event) {
        let name = event.type_();
        match name.as_str() {
            "dragover" | "dragleave" | "drop" => return self.handle_drag(event.unchecked_ref()),
            "paste" => return self.handle_paste(event.unchecked_ref()),
            _ => {}
        }
        let Some((index, field, control)) = self.find_field(event) else { return };
        let changed = match control.handle_event(&name, event) {
            Action::Nothing => false,
            Action::Wrote(text) => {
                if field.write(text) {
                    self.next_frame.request();
                }
                // Report text when the visitor leaves the field, not at each keystroke.
                name != "input"
            }
            Action::Added(chooser) => {
                self.add_files(index, &chooser);
                control.clear_chooser();
                false
            }
            Action::Removed(file) => {
                field.remove_file(file);
                self.state.show_problems(index, today());
                self.state.notify_edited();
                control.focus();
                true
            }
        };
        if name != "input" {
            // The visitor has finished a change, such as a tick, and may go to a question that it shows.
            self.next_frame.flush();
        }
        if name == "focusout" {
            self.handle_focusout(index, control, event.unchecked_ref());
        }
        if changed {
            self.report_change(field);
        }
    }

    /// Returns the field around the event's target, and its index.
    fn find_field(&self, event: &Event) -> Option<(usize, &Field, &Control)> {
        let (_, index) = closest(event.target(), FIELD)?;
        let index: usize = index.parse().ok()?;
        Some((index, self.state.fields.get(index)?, self.view.controls().get(index)?))
    }

    /// Reports to the page that the visitor has changed the answer.
    pub(super) fn report_change(&self, field: &Field) {
        (self.host.on_event)(FormEvent::Change(field.question().parameter.clone()));
    }

    /// Finishes the field that the visitor has left. Waits for the end of a press: a message or a tag
    /// that appears earlier would move the button under the pointer, and no click would follow.
    fn handle_focusout(&self, index: usize, control: &Control, event: &FocusEvent) {
        let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
        if control.frame.contains(next.as_ref()) && next.is_some() {
            return;
        }
        if self.press.is_active.get() {
            self.press.left_fields.borrow_mut().push(index);
        } else {
            self.finish_field(index);
        }
    }

    /// Ends the input into this field. After this call, the field shows its problems.
    fn finish_field(&self, index: usize) {
        if let (Some(field), Some(control)) =
            (self.state.fields.get(index), self.view.controls().get(index))
        {
            if let Some(text) = control.commit_typed()
                && field.write(text)
            {
                self.next_frame.request();
            }
            self.view.announce_problems(index, || self.state.leave(index, today()));
        }
    }

    /// Tracks the start and the end of a press. The press ends after all listeners have handled the
    /// click that follows `pointerup`.
    pub(super) fn track_press(self: &Rc<Self>, event: &Event) {
        let end = match event.type_().as_str() {
            "pointerdown" => {
                self.press.is_active.set(true);
                None
            }
            "pointerup" => self.end_press(CLICK_DELAY),
            _ => self.end_press(Duration::ZERO),
        };
        self.press.end_timer.set(end);
    }

    fn end_press(self: &Rc<Self>, pause: Duration) -> Option<Timer> {
        let listener = Rc::downgrade(self);
        later(pause, move || {
            let Some(listener) = listener.upgrade() else { return };
            listener.press.is_active.set(false);
            for index in listener.press.left_fields.take() {
                // The click may have moved the focus back to the field.
                if !listener.view.controls().get(index).is_some_and(Control::has_focus) {
                    listener.finish_field(index);
                }
            }
        })
    }
}
