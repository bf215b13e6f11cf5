//! Files that are chosen, or dropped or pasted anywhere on the form.

use std::rc::Rc;

use reactive_graph::traits::Notify;
use wasm_bindgen::JsValue;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent};

use super::events::Listener;
use crate::controls::ready_files;

impl Listener {
    /// Files over any part of the form: left to the browser, one dropped beside the zone would be
    /// opened in place of the page, with all that was typed.
    pub(super) fn drag(self: &Rc<Self>, event: &DragEvent) {
        let Some(data) = event.data_transfer().filter(carries_files) else { return };
        event.prevent_default();
        let index = self.takes_files();
        let dropped = event.type_() == "drop";
        let over = index.is_some() && event.type_() == "dragover";
        let _ = self.root.class_list().toggle_with_force("df-dragging", over);
        if index.is_none() {
            data.set_drop_effect("none");
        }
        if let Some(index) = index.filter(|_| dropped) {
            self.add(index, &data);
        }
    }

    /// Pictures and files from the clipboard. Text that comes with a picture of itself, as from a
    /// table, is text where text is typed.
    pub(super) fn paste(self: &Rc<Self>, event: &ClipboardEvent) {
        let Some(data) = event.clipboard_data().filter(carries_files) else { return };
        let text = data.types().iter().any(|kind| kind == "text/plain");
        let Some(index) = self.takes_files().filter(|_| !text) else { return };
        event.prevent_default();
        self.add(index, &data);
    }

    /// Adds the files of a file input, a drop or a paste to the answer at that index, once all of
    /// them are ready to be sent.
    pub(super) fn add(self: &Rc<Self>, index: usize, from: &JsValue) {
        // The visitor changes the form, so stop the automatic retry.
        self.state.edited.notify();
        self.pending_files.update(|count| count + 1);
        let listener = Rc::downgrade(self);
        ready_files(from, move |files| {
            let Some(listener) = listener.upgrade() else { return };
            listener.pending_files.update(|count| count - 1);
            if let Some(field) = listener.state.fields.get(index).filter(|_| !files.is_empty()) {
                field.add_files(files);
                listener.state.edited.notify();
                listener.report_change(field);
            }
        });
    }

    /// The question that files dropped or pasted here answer, if it is on the page.
    fn takes_files(&self) -> Option<usize> {
        let place = self.state.place();
        let asked = self.state.fields.iter().zip(self.state.asked()).enumerate();
        let mut here = asked.filter(|(index, (_, asked))| {
            *asked && self.state.steps.of_field(*index) == place.step
        });
        let takes = here.find(|(_, (field, _))| field.question().takes_files());
        takes.filter(|_| !self.view.is_sending()).map(|(index, _)| index)
    }
}

fn carries_files(data: &DataTransfer) -> bool {
    data.types().iter().any(|kind| kind == "Files")
}
