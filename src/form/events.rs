//! What the visitor does: one listener for the whole form.

use std::sync::Arc;

use deal_contract::definition::FieldKind;
use leptos::prelude::{StoredValue, on_cleanup};
use leptos::reactive::traits::Dispose;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    DragEvent, Element, Event, EventTarget, FileList, FocusEvent, HtmlButtonElement,
    HtmlInputElement,
};

use crate::controls::{CALENDAR, Control, FIELD, PICKER, REMOVE, closest};
use crate::state::{Field, FormState};

/// Listens on `target` as long as the current reactive owner lives. The target goes with it, so
/// nothing has to be taken off.
pub(super) fn listen(target: &EventTarget, events: &[&str], hear: impl Fn(&Event) + 'static) {
    let closure = Closure::<dyn Fn(Event)>::new(move |event: Event| hear(&event));
    for event in events {
        // Fails for a target that does not listen, and every element does.
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    }
    let closure = StoredValue::new_local(closure);
    on_cleanup(move || closure.dispose());
}

/// Finds the field that an event is about, and changes its answer.
pub(super) struct Listener {
    pub(super) state: Arc<FormState>,
    pub(super) controls: Vec<Control>,
}

impl Listener {
    /// All events that a form hears; they bubble up to it.
    pub(super) const EVENTS: &[&str] =
        &["submit", "input", "change", "focusout", "click", "dragover", "drop"];

    pub(super) fn hear(&self, event: &Event) {
        let Some((field, control)) = self.field(event.target()) else { return };
        match event.type_().as_str() {
            "input" => Self::input(field, control, event),
            "change" => Self::change(field, control, event),
            "focusout" => Self::leave(field, control, event.unchecked_ref()),
            "click" => Self::click(field, control, event),
            "dragover" | "drop" if field.definition.kind == FieldKind::Attachments => {
                self.drag(field, event.unchecked_ref());
            }
            _ => {}
        }
    }

    /// The field around the event's target.
    fn field(&self, target: Option<EventTarget>) -> Option<(&Field, &Control)> {
        let (_, index) = closest(target, FIELD)?;
        let index: usize = index.parse().ok()?;
        Some((self.state.fields.get(index)?, self.controls.get(index)?))
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
        } else if closest(event.target(), PICKER).is_some() {
            control.focus();
        } else {
            // What a browser fills in by itself sometimes comes without `input`.
            field.write(control.read(&field.definition));
        }
    }

    /// The field was left: from now on its problems show. Not on the way to a button, which a
    /// sentence appearing above it would move away from under the pointer.
    fn leave(field: &Field, control: &Control, event: &FocusEvent) {
        let next = event.related_target().and_then(|next| next.dyn_into::<Element>().ok());
        let stays = next.is_some_and(|next| {
            next.is_instance_of::<HtmlButtonElement>() || control.frame.contains(Some(&next))
        });
        if !stays {
            field.leave();
        }
    }

    fn click(field: &Field, control: &Control, event: &Event) {
        if let Some((_, index)) = closest(event.target(), REMOVE) {
            if let Ok(index) = index.parse() {
                field.remove_file(index);
                control.focus();
            }
        } else if closest(event.target(), CALENDAR).is_some() {
            control.open_calendar();
        }
    }

    /// Without `preventDefault` the browser would open a dropped file in place of the page.
    fn drag(&self, field: &Field, event: &DragEvent) {
        event.prevent_default();
        if event.type_() == "drop" && !self.state.is_sending() {
            add(field, event.data_transfer().and_then(|data| data.files()));
        }
    }
}

fn add(field: &Field, files: Option<FileList>) {
    if let Some(files) = files.filter(|files| files.length() > 0) {
        field.add_files((0..files.length()).filter_map(|index| files.item(index)));
    }
}
