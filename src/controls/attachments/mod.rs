//! Files: choose, drop or paste; a row for each; the sum against the limit.

mod picture;

use std::cell::RefCell;

use deal_contract::attachments::{CONVERTIBLE, PARAMETER, accept, check_file};
use deal_contract::definition::Field as Definition;
use deal_contract::messages::MessageKey;
use deal_contract::problem::Language;
use deal_contract::template::fill;
use web_sys::{Document, Element};

use self::picture::{thumbnail, was_converted};
use super::REMOVE;
use super::dom::{append, make, set, show};
use super::field::Maker;
use crate::locale::Locale;
use crate::state::Attachment;

pub(crate) use self::picture::{attachments, ready_files};

/// The rows of the files and their sum.
#[derive(Debug)]
pub(super) struct FileList {
    list: Element,
    total: Element,
    rows: RefCell<Vec<Row>>,
}

/// A file on the page.
#[derive(Debug)]
struct Row {
    file: Attachment,
    element: Element,
    said: Element,
    remove: Element,
}

/// The browser's own chooser; it works with keyboard and screen reader everywhere.
pub(super) fn chooser(maker: &Maker<'_>) -> Element {
    let input = maker.make("input;class=df-files;part=file-input;type=file;multiple=multiple", "");
    input.set_id(maker.id);
    set(&input, "name", PARAMETER);
    set(&input, "accept", &(accept() + CONVERTIBLE));
    input
}

/// The place to drop files on.
pub(super) fn zone(maker: &Maker<'_>, input: &Element) -> Element {
    let zone = maker.make("div;class=df-zone;part=drop-zone", "");
    // Seen on the page, so part of the chooser's name too, for those who speak to it.
    let button = maker.make(
        "span;class=df-choose;part=choose-button",
        &maker.locale.say(MessageKey::ChooseFiles),
    );
    button.set_id(&maker.id("choose"));
    let name = format!("{} {}", maker.id("label"), button.id());
    set(input, "aria-labelledby", &name);
    let drop = maker.make("span;class=df-drop", &maker.locale.say(MessageKey::DropFiles));
    append(&zone, &[input, &button, &drop]);
    zone
}

impl FileList {
    /// An empty list in the frame.
    pub(super) fn new(maker: &Maker<'_>, frame: &Element) -> Self {
        // Who adds a file hears its row, and why it cannot be sent.
        let list = maker
            .make("ul;class=df-list;part=file-list;role=list;aria-live=polite;hidden=hidden", "");
        // Who removes one hears the new sum.
        let total = maker.make("p;class=df-total;part=file-total;role=status", "");
        append(frame, &[&list, &total]);
        Self { list, total, rows: RefCell::default() }
    }

    /// Brings the rows and the sum in line with the files and what is said of them.
    pub(super) fn show(
        &self,
        definition: &Definition,
        files: &[Attachment],
        said: &[Option<String>],
        locale: &Locale,
    ) {
        show(&self.list, !files.is_empty());
        let mut rows = self.rows.borrow_mut();
        // Rows that stay are not made anew: a screen reader would tell them all again.
        rows.retain(|row| {
            let stays = files.iter().any(|file| file.is(&row.file));
            if !stays {
                row.element.remove();
            }
            stays
        });
        for (index, file) in files.iter().enumerate() {
            if rows.get(index).is_none()
                && let Some(document) = self.list.owner_document()
            {
                let row = Row::new(&document, file, locale);
                append(&self.list, &[&row.element]);
                rows.push(row);
            }
            if let Some(row) = rows.get(index) {
                row.show(index, said.get(index).and_then(Option::as_deref).unwrap_or_default());
            }
        }
        self.total.set_text_content(Some(&sum(definition, files, locale)));
    }
}

impl Row {
    fn new(document: &Document, file: &Attachment, locale: &Locale) -> Self {
        let element = make(document, "li;class=df-file;part=file", "");
        let (_, extension) = file.name.rsplit_once('.').unwrap_or_default();
        let extension: String = extension.chars().take(4).collect();
        let mark = make(document, "span;class=df-kind;part=file-kind;aria-hidden=true", &extension);
        let picture = make(document, "canvas;class=df-thumbnail;part=thumbnail;hidden=hidden", "");
        append(&mark, &[&picture]);
        if file.is_picture() && check_file(file.info()).is_ok() {
            thumbnail(&file.file, &picture);
        }
        let about = make(document, "div;class=df-about", "");
        // A direction of its own, yet on the side where the form's lines begin, as its size is.
        let name = make(document, "bdi;class=df-name", &file.name);
        let size = make(document, "span;class=df-size", &locale.bytes(file.bytes));
        let said = make(document, "span;class=df-why;part=file-problem", "");
        append(&about, &[&name, &size]);
        if was_converted(&file.file) {
            append(
                &about,
                &[&make(
                    document,
                    "span;class=df-converted;part=file-note",
                    &locale.say(MessageKey::Converted),
                )],
            );
        }
        append(&about, &[&said]);
        let label = fill(&locale.say(MessageKey::RemoveFile), &[("file", &file.name)]);
        let remove = make(
            document,
            "button;class=df-remove;part=remove-button;type=button",
            &locale.say(MessageKey::Remove),
        );
        set(&remove, "aria-label", &label);
        append(&element, &[&mark, &about, &remove]);
        Self { file: file.clone(), element, said, remove }
    }

    fn show(&self, index: usize, said: &str) {
        set(&self.remove, REMOVE, &index.to_string());
        set(&self.element, "data-invalid", if said.is_empty() { "" } else { "true" });
        show(&self.said, !said.is_empty());
        if self.said.text_content().as_deref() != Some(said) {
            self.said.set_text_content(Some(said));
        }
    }
}

fn sum(definition: &Definition, files: &[Attachment], locale: &Locale) -> String {
    if files.is_empty() {
        return String::new();
    }
    let sum = files.iter().map(|file| file.bytes).fold(0, u64::saturating_add);
    let (total, limit) = (locale.bytes(sum), locale.bytes(definition.kind.total_limit()));
    locale.fill(MessageKey::FilesTotal, &[("total", &total), ("limit", &limit)])
}
