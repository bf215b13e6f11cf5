//! The frame around every control: label, hint, problem.

pub(super) mod interpretation;

use deal_contract::definition::Field as Definition;
use deal_contract::kind::{Kind, TextFormat};
use deal_contract::messages::MessageKey;
use deal_contract::problem::Language;
use web_sys::{Document, Element};

use super::dom::{append, make, set};
use crate::locale::Locale;

/// What a control is made from.
pub(super) struct Maker<'a> {
    pub(super) document: &'a Document,
    pub(super) definition: &'a Definition,
    pub(super) locale: &'a Locale,
    /// The id of the input; the ids of what belongs to it begin with it.
    pub(super) id: &'a str,
}

impl Maker<'_> {
    pub(super) fn make(&self, kind: &str, text: &str) -> Element {
        make(self.document, kind, text)
    }

    /// With a text of the author, who may write in another language than the form speaks, and in
    /// another direction.
    pub(super) fn authors(&self, kind: &str, text: &str) -> Element {
        let element = self.make(kind, text);
        set(&element, "dir", "auto");
        set(&element, "lang", self.locale.authors());
        element
    }

    /// The id of a part of the field.
    pub(super) fn id(&self, part: &str) -> String {
        format!("{}-{part}", self.id)
    }

    /// The question. Where no single input could be meant by it, it is no `<label>`.
    pub(super) fn label(&self, of_group: bool) -> Element {
        let kind = if of_group {
            "span;class=df-label;part=label"
        } else {
            "label;class=df-label;part=label"
        };
        let label = self.authors(kind, &self.definition.label);
        label.set_id(&self.id("label"));
        if !of_group {
            set(&label, "for", self.id);
        }
        if self.definition.required {
            let mark = self.make(
                "span;class=df-mark;aria-hidden=true",
                &self.locale.say(MessageKey::RequiredMark),
            );
            append(&label, &[&mark]);
            if self.definition.takes_files() {
                let unseen =
                    self.make("span;class=df-unseen", &self.locale.say(MessageKey::Required));
                set(&unseen, "lang", self.locale.lang());
                append(&label, &[&unseen]);
            }
        }
        label
    }

    /// The author's hint, and what somebody has to know to answer at all.
    pub(super) fn hint(&self) -> Option<Element> {
        let own = self.definition.hint.as_deref().unwrap_or_default();
        let needed = match self.definition.kind.kind() {
            Kind::Date => self.locale.date_example(),
            Kind::Text(TextFormat::Phone) if own.is_empty() => {
                self.locale.say(MessageKey::PhoneHint)
            }
            Kind::Text(TextFormat::Tags) => self.locale.say(MessageKey::TagsHint),
            Kind::Attachments => self.file_limits(),
            _ => String::new(),
        };
        if own.is_empty() && needed.is_empty() {
            return None;
        }
        let hint = self.make("p;class=df-hint;part=hint", "");
        hint.set_id(&self.id("hint"));
        if !own.is_empty() {
            append(&hint, &[&self.authors("span", own)]);
        }
        if !needed.is_empty() {
            append(&hint, &[&self.make("span", &needed)]);
        }
        Some(hint)
    }

    /// The file types and the total size that the form takes.
    fn file_limits(&self) -> String {
        let (kinds, limit) =
            (self.locale.file_kinds(), self.locale.bytes(self.definition.kind.total_limit()));
        let taken =
            self.locale.fill(MessageKey::FilesHint, &[("kinds", &kinds), ("limit", &limit)]);
        [&taken, ". ", &self.locale.say(MessageKey::PicturesHint)].concat()
    }

    /// The place for what is wrong.
    pub(super) fn problem(&self) -> Element {
        let problem = self.make("p;class=df-problem;part=problem;hidden=hidden", "");
        problem.set_id(&self.id("problem"));
        // Files are refused while the focus is on the chooser: somebody has to say it.
        if self.definition.takes_files() {
            set(&problem, "aria-live", "polite");
        }
        problem
    }
}
