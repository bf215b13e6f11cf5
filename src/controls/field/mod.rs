//! The frame around every control: label, hint, problem.

use deal_contract::definition::{Field as Definition, FieldKind};
use web_sys::{Document, Element};

use super::attachments::limits;
use super::dom::{append, make};
use crate::locale::Catalog;

/// What a control is made from.
pub(super) struct Maker<'a> {
    pub(super) document: &'a Document,
    pub(super) definition: &'a Definition,
    pub(super) words: &'static Catalog,
    /// The id of the input; the ids of what belongs to it begin with it.
    pub(super) id: &'a str,
}

impl Maker<'_> {
    pub(super) fn make(&self, tag: &str, attributes: &[(&str, &str)], text: &str) -> Element {
        make(self.document, tag, attributes, text)
    }

    pub(super) fn label(&self) -> Element {
        let id = format!("{}-label", self.id);
        let label = self.make(
            "label",
            &[
                ("class", "df-label"),
                ("part", "label"),
                ("dir", "auto"),
                ("id", &id),
                ("for", self.id),
            ],
            &self.definition.label,
        );
        if self.definition.required {
            let mark = [("class", "df-mark"), ("aria-hidden", "true")];
            append(&label, &[&self.make("span", &mark, self.words.required_mark)]);
            if self.definition.kind == FieldKind::Attachments {
                append(
                    &label,
                    &[&self.make("span", &[("class", "df-unseen")], self.words.required)],
                );
            }
        }
        label
    }

    /// The author's hint, and what somebody has to know to answer at all.
    pub(super) fn hint(&self) -> Option<Element> {
        let own = self.definition.hint.as_deref().unwrap_or_default();
        let needed = match self.definition.kind {
            FieldKind::Date => self.words.date_example.to_owned(),
            FieldKind::Tags if own.is_empty() => self.words.tags_hint.to_owned(),
            FieldKind::Attachments => limits(self.definition, self.words),
            _ => String::new(),
        };
        if own.is_empty() && needed.is_empty() {
            return None;
        }
        let id = format!("{}-hint", self.id);
        let hint = self.make("p", &[("class", "df-hint"), ("part", "hint"), ("id", &id)], "");
        for text in [own, &needed] {
            if !text.is_empty() {
                append(&hint, &[&self.make("span", &[("dir", "auto")], text)]);
            }
        }
        Some(hint)
    }

    /// The place for what is wrong.
    pub(super) fn problem(&self) -> Element {
        let id = format!("{}-problem", self.id);
        // Files are refused while the focus is on the chooser: somebody has to say it.
        let files = self.definition.kind == FieldKind::Attachments;
        self.make(
            "p",
            &[
                ("class", "df-problem"),
                ("part", "problem"),
                ("id", &id),
                ("aria-live", if files { "polite" } else { "" }),
                ("hidden", "hidden"),
            ],
            "",
        )
    }
}
