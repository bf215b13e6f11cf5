//! Files that are dropped or pasted anywhere on the form.

use std::rc::Rc;

use deal_contract::definition::FieldKind;
use reactive_graph::traits::Notify;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, File, FileList};

use super::events::Listener;
use crate::controls::as_jpeg;
use crate::state::Field;

impl Listener {
    /// Files over any part of the form: left to the browser, one dropped beside the zone would be
    /// opened in place of the page, with all that was typed.
    pub(super) fn drag(&self, event: &DragEvent) {
        let Some(data) = event.data_transfer().filter(carries_files) else { return };
        event.prevent_default();
        let field = self.takes_files().map(|(_, field)| field);
        let dropped = event.type_() == "drop";
        let over = field.is_some() && event.type_() == "dragover";
        let _ = self.root.class_list().toggle_with_force("df-dragging", over);
        if field.is_none() {
            data.set_drop_effect("none");
        }
        if let Some(field) = field.filter(|_| dropped) {
            self.add(field, data.files());
            (self.changed)(field);
        }
    }

    /// Pictures and files from the clipboard. Text that comes with a picture of itself, as from a
    /// table, is text where text is typed.
    pub(super) fn paste(self: &Rc<Self>, event: &ClipboardEvent) {
        let Some(data) = event.clipboard_data().filter(carries_files) else { return };
        let text = data.types().iter().any(|kind| kind == "text/plain");
        let Some((index, _)) = self.takes_files().filter(|_| !text) else { return };
        event.prevent_default();
        // Nothing is sent by itself any more.
        self.state.edited.notify();
        for file in each(data.files()) {
            self.making.update(|making| making + 1);
            let listener = Rc::downgrade(self);
            as_jpeg(file, move |file| {
                let Some(listener) = listener.upgrade() else { return };
                listener.making.update(|making| making - 1);
                if let Some(field) = listener.state.fields.get(index) {
                    field.add_files(std::iter::once(file));
                    listener.state.edited.notify();
                    (listener.changed)(field);
                }
            });
        }
    }

    pub(super) fn add(&self, field: &Field, files: Option<FileList>) {
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
