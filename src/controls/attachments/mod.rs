//! The control for files: a file input with a drop zone, a row for each file, and the total size.

mod picture;

use std::cell::RefCell;

use deal_contract::attachments::{CONVERTIBLE, PARAMETER, accept, check_file};
use deal_contract::definition::Field as Definition;
use deal_contract::messages::MessageKey;
use deal_contract::problem::Language;
use deal_contract::template::fill;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

use self::picture::{thumbnail, was_converted};
use super::dom::{append, make, set, set_visible};
use super::field::Maker;
use super::{Announcer, REMOVE};
use crate::locale::Locale;
use crate::state::Attachment;

pub(crate) use self::picture::{attachments, ready_files};

/// The rows of the files, and the total size.
#[derive(Debug)]
pub(super) struct FileList {
    list: Element,
    sum: Element,
    /// Shows how much of the maximum total size is used.
    meter: HtmlElement,
    total: Element,
    announcer: Announcer,
    rows: RefCell<Vec<Row>>,
}

/// The row of one file.
#[derive(Debug)]
struct Row {
    file: Attachment,
    element: Element,
    problem: Element,
    remove: Element,
}

/// Creates the browser's file input, which supports keyboards and screen readers.
pub(super) fn chooser(maker: &Maker<'_>) -> Element {
    let input = maker.make("input;class=df-files;part=file-input;type=file;multiple=multiple", "");
    input.set_id(maker.id);
    set(&input, "name", PARAMETER);
    set(&input, "accept", &(accept() + CONVERTIBLE));
    input
}

/// Creates the drop zone around the file input.
pub(super) fn zone(maker: &Maker<'_>, input: &Element) -> Element {
    let zone = maker.make("div;class=df-zone;part=drop-zone", "");
    // The visible text is part of the input's accessible name, because visitors with voice control
    // say it.
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
    /// Creates an empty list in `parent`.
    pub(super) fn new(maker: &Maker<'_>, parent: &Element) -> Self {
        let list = maker.make("ul;class=df-list;part=file-list;role=list;hidden=hidden", "");
        let sum = maker.make("div;class=df-sum;hidden=hidden", "");
        let meter = maker.make("i;class=df-meter;part=file-meter", "");
        let total = maker.make("p;class=df-total;part=file-total", "");
        append(&sum, &[&meter, &total]);
        append(parent, &[&list, &sum]);
        let announcer = maker.announcer.clone();
        let meter = meter.unchecked_into();
        Self { list, sum, meter, total, announcer, rows: RefCell::default() }
    }

    /// Updates the rows and the total for these files and their problems.
    pub(super) fn render(
        &self,
        definition: &Definition,
        files: &[Attachment],
        problems: &[Option<String>],
        locale: &Locale,
    ) {
        set_visible(&self.list, !files.is_empty());
        set_visible(&self.sum, !files.is_empty());
        let mut rows = self.rows.borrow_mut();
        // The names of added files, and the new total, to announce in one sentence.
        let mut changes = Vec::new();
        // Keep the rows of remaining files: a screen reader would announce recreated rows again.
        rows.retain(|row| {
            let stays = files.iter().any(|file| file.is_same_file(&row.file));
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
                changes.push(file.name.as_str());
                rows.push(row);
            }
            if let Some(row) = rows.get(index) {
                row.render(
                    index,
                    problems.get(index).and_then(Option::as_deref).unwrap_or_default(),
                );
            }
        }
        let total = total(files);
        let limit = definition.kind.total_limit();
        let percent = total.saturating_mul(100).checked_div(limit).unwrap_or(100).min(100);
        // Fails only for an invalid property name.
        let _ = self.meter.style().set_property("--share", &format!("{percent}%"));
        let (total, limit) = (locale.bytes(total), locale.bytes(limit));
        let text = locale.fill(MessageKey::FilesTotal, &[("total", &total), ("limit", &limit)]);
        let before = self.total.text_content().unwrap_or_default();
        // An empty list without a total has never had files.
        if before != text && !(before.is_empty() && files.is_empty()) {
            self.total.set_text_content(Some(&text));
            changes.push(&text);
            self.announcer.say(&changes.join(", "));
        }
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
        // `bdi`: the name has its own text direction, but the same alignment as the size below it.
        let name = make(document, "bdi;class=df-name", &file.name);
        let size = make(document, "span;class=df-size", &locale.bytes(file.bytes));
        let problem = make(document, "span;class=df-why;part=file-problem", "");
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
        append(&about, &[&problem]);
        let label = fill(&locale.say(MessageKey::RemoveFile), &[("file", &file.name)]);
        let remove = make(
            document,
            "button;class=df-remove;part=remove-button;type=button",
            &locale.say(MessageKey::Remove),
        );
        set(&remove, "aria-label", &label);
        append(&element, &[&mark, &about, &remove]);
        Self { file: file.clone(), element, problem, remove }
    }

    fn render(&self, index: usize, problem: &str) {
        set(&self.remove, REMOVE, &index.to_string());
        set(&self.element, "data-invalid", if problem.is_empty() { "" } else { "true" });
        set_visible(&self.problem, !problem.is_empty());
        if self.problem.text_content().as_deref() != Some(problem) {
            self.problem.set_text_content(Some(problem));
        }
    }
}

/// Returns the size of all files together, in bytes.
fn total(files: &[Attachment]) -> u64 {
    files.iter().map(|file| file.bytes).fold(0, u64::saturating_add)
}
