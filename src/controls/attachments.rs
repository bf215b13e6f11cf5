//! Files: choose or drop, a list with sizes, the sum against the limit.

use deal_contract::attachments::{KINDS, PARAMETER, accept, check_file, size_text};
use deal_contract::definition::Field as Definition;
use deal_contract::template::fill;
use web_sys::{Document, Element};

use super::REMOVE;
use super::dom::{append, make, set};
use super::field::Maker;
use crate::locale::Catalog;
use crate::state::Answer;

/// The browser's own chooser; it works with keyboard and screen reader everywhere.
pub(super) fn chooser(maker: &Maker<'_>) -> Element {
    maker.make(
        "input",
        &[
            ("class", "df-files"),
            ("part", "file-input"),
            ("id", maker.id),
            ("name", PARAMETER),
            ("type", "file"),
            ("multiple", "multiple"),
            ("accept", &accept()),
        ],
        "",
    )
}

/// The place to drop files on, the list below it, and the line with their sum.
pub(super) fn zone(maker: &Maker<'_>, input: &Element) -> (Element, Element, Element) {
    let zone = maker.make("div", &[("class", "df-zone"), ("part", "drop-zone")], "");
    // Seen on the page, so part of the chooser's name too, for those who speak to it.
    let id = format!("{}-choose", maker.id);
    let button = [("class", "df-choose"), ("part", "choose-button"), ("id", id.as_str())];
    let button = maker.make("span", &button, maker.words.choose_files);
    set(input, "aria-labelledby", &format!("{}-label {id}", maker.id));
    let drop = maker.make("span", &[("class", "df-drop")], maker.words.drop_files);
    append(&zone, &[input, &button, &drop]);
    let list =
        maker.make("ul", &[("class", "df-list"), ("part", "file-list"), ("hidden", "hidden")], "");
    // `status`: whoever removed a file hears the new sum.
    let total =
        [("class", "df-total"), ("part", "file-total"), ("role", "status"), ("dir", "auto")];
    (zone, list, maker.make("p", &total, ""))
}

/// What is taken, in words.
pub(super) fn limits(definition: &Definition, words: &Catalog) -> String {
    let limit = size_text(definition.total_limit());
    fill(words.files_hint, &[("kinds", KINDS), ("limit", &limit)])
}

/// Brings the list and the sum in line with the files.
pub(super) fn show(
    document: &Document,
    definition: &Definition,
    answer: &Answer,
    list: &Element,
    total: &Element,
    words: &'static Catalog,
) {
    list.set_text_content(None);
    set(list, "hidden", if answer.files.is_empty() { "hidden" } else { "" });
    for (index, file) in answer.files.iter().enumerate() {
        let refused = if check_file(file.facts()).is_err() { "true" } else { "" };
        let row = make(
            document,
            "li",
            &[("class", "df-file"), ("part", "file"), ("data-invalid", refused)],
            "",
        );
        let name = make(document, "span", &[("class", "df-name"), ("dir", "auto")], &file.name);
        let size = make(document, "span", &[("class", "df-size")], &size_text(file.bytes));
        let remove = make(
            document,
            "button",
            &[
                ("class", "df-remove"),
                ("part", "remove-button"),
                ("type", "button"),
                ("aria-label", &fill(words.remove_file, &[("file", &file.name)])),
                (REMOVE, &index.to_string()),
            ],
            words.remove,
        );
        append(&row, &[&name, &size, &remove]);
        append(list, &[&row]);
    }
    let sum = answer.files.iter().map(|file| file.bytes).fold(0, u64::saturating_add);
    let text = if answer.files.is_empty() {
        String::new()
    } else {
        let limit = size_text(definition.total_limit());
        fill(words.files_total, &[("total", &size_text(sum)), ("limit", &limit)])
    };
    total.set_text_content(Some(&text));
}
