//! Adds files that the visitor chooses, drops or pastes anywhere on the form.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent};

use super::events::Listener;
use crate::clock::today;
use crate::controls::ready_files;

impl Listener {
    /// Handles files that are dragged over any part of the form. By default, if a file is dropped
    /// beside the zone, the browser would open the file instead of the page.
    pub(super) fn handle_drag(self: &Rc<Self>, event: &DragEvent) {
        let Some(data) = event.data_transfer().filter(carries_files) else { return };
        event.prevent_default();
        let index = self.files_question();
        let dropped = event.type_() == "drop";
        let over = index.is_some() && event.type_() == "dragover";
        let _ = self.root.class_list().toggle_with_force("df-dragging", over);
        if index.is_none() {
            data.set_drop_effect("none");
        }
        if let Some(index) = index.filter(|_| dropped) {
            self.add_files(index, &data);
        }
    }

    /// Adds pictures and files from the clipboard. If the clipboard also has text, as after copying
    /// cells from a spreadsheet, the browser pastes the text.
    pub(super) fn handle_paste(self: &Rc<Self>, event: &ClipboardEvent) {
        let Some(data) = event.clipboard_data().filter(carries_files) else { return };
        let has_text = data.types().iter().any(|kind| kind == "text/plain");
        let Some(index) = self.files_question().filter(|_| !has_text) else { return };
        event.prevent_default();
        self.add_files(index, &data);
    }

    /// Adds the files of a file input, a drop or a paste to the question with this index, once all
    /// files are prepared.
    pub(super) fn add_files(self: &Rc<Self>, index: usize, from: &JsValue) {
        // The visitor changes the form, so stop the automatic retry.
        self.state.notify_edited();
        self.pending_files.update(|count| count + 1);
        let listener = Rc::downgrade(self);
        ready_files(from, move |files| {
            let Some(listener) = listener.upgrade() else { return };
            listener.pending_files.update(|count| count - 1);
            if let Some(field) = listener.state.fields.get(index).filter(|_| !files.is_empty()) {
                listener.view.announce_problems(index, || {
                    field.add_files(files);
                    listener.state.show_problems(index, today());
                });
                listener.state.notify_edited();
                listener.report_change(field);
            }
        });
    }

    /// Returns the index of the question that takes files. Returns `None` if the question is not
    /// asked in the current step, or while the form is being sent.
    fn files_question(&self) -> Option<usize> {
        let position = self.state.position();
        let fields = self.state.fields.iter().zip(self.state.asked()).enumerate();
        let mut visible = fields.filter(|(index, (_, asked))| {
            *asked && self.state.steps.of_field(*index) == position.step
        });
        let question = visible.find(|(_, (field, _))| field.question().takes_files());
        question.filter(|_| !self.view.is_sending()).map(|(index, _)| index)
    }
}

fn carries_files(data: &DataTransfer) -> bool {
    data.types().iter().any(|kind| kind == "Files")
}
