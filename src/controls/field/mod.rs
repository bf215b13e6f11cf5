//! The parts of a field around its control: heading, label, hint and problem.

pub(super) mod interpretation;

use deal_contract::definition::{ChoicesControl, Field as Definition, FieldKind, RichText};
use deal_contract::kind::{Kind, TextFormat};
use deal_contract::messages::MessageKey;
use deal_contract::problem::Language;
use web_sys::{Document, Element};

use super::dom::{append, make, set};
use super::{Announcer, rich_text};
use crate::locale::Locale;

/// Creates the elements of one field.
pub(super) struct Maker<'a> {
    pub(super) document: &'a Document,
    pub(super) definition: &'a Definition,
    pub(super) locale: &'a Locale,
    pub(super) announcer: &'a Announcer,
    /// The id of the input. The ids of the field's other elements begin with it.
    pub(super) id: &'a str,
}

impl Maker<'_> {
    pub(super) fn make(&self, kind: &str, text: &str) -> Element {
        make(self.document, kind, text)
    }

    /// Creates an element with text from the author. Its language and direction may differ from the
    /// form's.
    pub(super) fn make_author_text(&self, kind: &str, text: &str) -> Element {
        let element = self.make(kind, text);
        set(&element, "dir", "auto");
        set(&element, "lang", self.locale.author_lang());
        element
    }

    /// Creates an element with one of the author's texts and its markup.
    fn make_rich_text(&self, kind: &str, text: &RichText) -> Element {
        let element = self.make_author_text(kind, "");
        rich_text::fill(&element, text, self.locale);
        element
    }

    /// Creates the heading and the text above the field. Returns `None` if there is neither.
    pub(super) fn above(&self) -> Option<Element> {
        let Definition { heading, text, .. } = self.definition;
        if heading.is_none() && text.is_none() {
            return None;
        }
        let above = self.make("div;class=df-above;part=field-intro", "");
        if let Some(heading) = heading {
            let kind = "h3;class=df-step-title;part=field-heading";
            append(&above, &[&self.make_author_text(kind, heading)]);
        }
        if let Some(text) = text {
            append(&above, &[&self.make_rich_text("div;class=df-text;part=field-text", text)]);
        }
        Some(above)
    }

    /// Returns whether the control supports `aria-required`. A file input and a group of checkboxes
    /// do not, so their labels say that an answer is required.
    pub(super) fn can_be_required(&self) -> bool {
        match self.definition.kind.kind() {
            Kind::Attachments => false,
            Kind::Choices => self.takes_chips(),
            _ => true,
        }
    }

    /// Returns whether the answers are typed and shown as chips.
    pub(super) fn takes_chips(&self) -> bool {
        let chips = Some(ChoicesControl::Chips);
        matches!(self.definition.kind, FieldKind::Choices { control, .. } if control == chips)
    }

    /// Returns the id of another element of the field.
    pub(super) fn id(&self, part: &str) -> String {
        format!("{}-{part}", self.id)
    }

    /// Creates the label, and the parts of it that say that an answer is required. The label of a
    /// group of inputs is not a `<label>` element, because that can name only one input.
    pub(super) fn label(&self, of_group: bool) -> (Element, Vec<Element>) {
        let kind = if of_group {
            "span;class=df-label;part=label"
        } else {
            "label;class=df-label;part=label"
        };
        let label = self.make_rich_text(kind, &self.definition.label);
        label.set_id(&self.id("label"));
        if !of_group {
            set(&label, "for", self.id);
        }
        let mut marks = Vec::new();
        if self.definition.may_be_required() {
            let mark = self.make(
                "span;class=df-mark;aria-hidden=true",
                &self.locale.say(MessageKey::RequiredMark),
            );
            append(&label, &[&mark]);
            marks.push(mark);
            if !self.can_be_required() {
                let required =
                    self.make("span;class=df-unseen", &self.locale.say(MessageKey::Required));
                set(&required, "lang", self.locale.lang());
                append(&label, &[&required]);
                marks.push(required);
            }
        }
        (label, marks)
    }

    /// Creates the element with the author's hint, and the format that the answer needs. Returns
    /// `None` if there is neither.
    pub(super) fn hint(&self) -> Option<Element> {
        let author_hint = self.definition.hint.as_ref();
        let format_hint = match self.definition.kind.kind() {
            Kind::Date => self.locale.date_example(),
            Kind::Text(TextFormat::Phone) if author_hint.is_none() => {
                self.locale.say(MessageKey::PhoneHint)
            }
            Kind::Text(TextFormat::Tags) => self.locale.say(MessageKey::TagsHint),
            Kind::Choices if self.takes_chips() => self.locale.say(MessageKey::TagsHint),
            Kind::Attachments => self.file_limits(),
            _ => String::new(),
        };
        if author_hint.is_none() && format_hint.is_empty() {
            return None;
        }
        let hint = self.make("p;class=df-hint;part=hint", "");
        hint.set_id(&self.id("hint"));
        if let Some(author_hint) = author_hint {
            append(&hint, &[&self.make_rich_text("span", author_hint)]);
        }
        if !format_hint.is_empty() {
            append(&hint, &[&self.make("span", &format_hint)]);
        }
        Some(hint)
    }

    /// Returns the hint about the allowed files, and about pictures.
    fn file_limits(&self) -> String {
        let kind = &self.definition.kind;
        let limits = self.locale.files_hint(kind.count_limit(), kind.total_limit());
        [&limits, ". ", &self.locale.say(MessageKey::PicturesHint)].concat()
    }

    /// Creates the element for the field's problems.
    pub(super) fn problem(&self) -> Element {
        let problem = self.make("p;class=df-problem;part=problem;hidden=hidden", "");
        problem.set_id(&self.id("problem"));
        problem
    }
}
