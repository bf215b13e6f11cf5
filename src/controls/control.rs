//! A field on the page: its frame and the control for its kind.

use deal_contract::definition::{Field as Definition, FieldKind};
use wasm_bindgen::JsCast;
use web_sys::{
    Document, Element, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
};

use super::dom::{append, make, set};
use super::field::Maker;
use super::{FIELD, PICKER, attachments, choice, date, flag, text};
use crate::locale::Catalog;
use crate::state::Answer;

/// A field on the page.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    /// The frame; it goes into the form.
    pub(crate) frame: Element,
    /// What the visitor operates, and what takes the focus.
    input: HtmlElement,
    problem: Element,
    /// For files: their list and their sum.
    files: Option<(Element, Element)>,
}

impl Control {
    /// Makes the field at that index of the form. Ids begin with `prefix`.
    pub(crate) fn new(
        document: &Document,
        prefix: &str,
        index: usize,
        definition: &Definition,
        words: &'static Catalog,
    ) -> Self {
        let index = index.to_string();
        let id = format!("{prefix}-{index}");
        let maker = Maker { document, definition, words, id: &id };
        let kind = definition.kind;
        let frame = maker.make(
            "div",
            &[
                ("class", "df-field"),
                ("part", "field"),
                (FIELD, &index),
                ("data-kind", kind.as_str()),
            ],
            "",
        );
        let (label, hint, problem) = (maker.label(), maker.hint(), maker.problem());
        let input = match kind {
            FieldKind::LongText => text::area(&maker),
            FieldKind::Flag => flag::checkbox(&maker),
            FieldKind::Choice => choice::select(&maker),
            FieldKind::Attachments => attachments::chooser(&maker),
            _ => text::line(&maker),
        };
        let mut described = problem.id();
        if let Some(hint) = &hint {
            described = format!("{} {described}", hint.id());
        }
        set(&input, "aria-describedby", &described);
        // Not `required`: a screen reader would call the field invalid before it was filled in.
        // A file input knows neither; its label says it.
        if definition.required && kind != FieldKind::Attachments {
            set(&input, "aria-required", "true");
        }

        let mut files = None;
        let line = if kind == FieldKind::Flag {
            let line = maker.make("div", &[("class", "df-flag")], "");
            append(&line, &[&input, &label]);
            line
        } else {
            label
        };
        append(&frame, &[&line]);
        append(&frame, hint.as_ref().as_slice());
        append(&frame, &[&problem]);
        match kind {
            FieldKind::Flag => {}
            FieldKind::Attachments => {
                let (zone, list, total) = attachments::zone(&maker, &input);
                append(&frame, &[&zone, &list, &total]);
                files = Some((list, total));
            }
            FieldKind::Date => append(&frame, &[&date::with_calendar(&maker, &input)]),
            _ => append(&frame, &[&input]),
        }
        Self { frame, input: input.unchecked_into(), problem, files }
    }

    /// Moves the focus to it.
    pub(crate) fn focus(&self) {
        // Fails only for an element that cannot take the focus.
        let _ = self.input.focus();
    }

    /// Opens the browser's calendar, at the day that is typed if it is one.
    pub(crate) fn open_calendar(&self) {
        let picker = self.frame.query_selector(&format!("[{PICKER}]")).ok().flatten();
        let input = self.input.dyn_ref::<HtmlInputElement>();
        if let (Some(picker), Some(input)) = (picker, input) {
            let picker: HtmlInputElement = picker.unchecked_into();
            picker.set_value(&input.value());
            // Browsers before 2022 cannot be asked to; the day can still be typed.
            let _ = picker.show_picker();
        }
    }

    /// Brings the page in line with the answer and its problems.
    pub(crate) fn show(
        &self,
        definition: &Definition,
        answer: &Answer,
        problems: &[String],
        words: &'static Catalog,
    ) {
        let invalid = !problems.is_empty();
        set(&self.input, "aria-invalid", if invalid { "true" } else { "" });
        set(&self.frame, "data-invalid", if invalid { "true" } else { "" });
        set(&self.problem, "hidden", if invalid { "" } else { "hidden" });
        if let Some(document) = self.frame.owner_document() {
            self.problem.set_text_content(None);
            for problem in problems {
                append(&self.problem, &[&make(&document, "span", &[("dir", "auto")], problem)]);
            }
            if let Some((list, total)) = &self.files {
                attachments::show(&document, definition, answer, list, total, words);
            }
        }
        self.write(definition, &answer.text);
    }

    /// Writes the text into the control unless it stands there, so that the cursor stays.
    fn write(&self, definition: &Definition, text: &str) {
        if let Some(input) = self.input.dyn_ref::<HtmlInputElement>() {
            match definition.kind {
                FieldKind::Flag => input.set_checked(text == definition.yes().as_str()),
                FieldKind::Attachments => {}
                _ if input.value() == text => {}
                _ => input.set_value(text),
            }
        } else if let Some(area) = self.input.dyn_ref::<HtmlTextAreaElement>() {
            if area.value() != text {
                area.set_value(text);
            }
        } else if let Some(select) = self.input.dyn_ref::<HtmlSelectElement>() {
            select.set_value(text);
        }
    }

    /// The text in the control that the visitor operated.
    pub(crate) fn read(&self, definition: &Definition) -> String {
        if let Some(input) = self.input.dyn_ref::<HtmlInputElement>() {
            match definition.kind {
                FieldKind::Flag if input.checked() => definition.yes().to_string(),
                FieldKind::Flag => definition.yes().other().to_string(),
                _ => input.value(),
            }
        } else if let Some(area) = self.input.dyn_ref::<HtmlTextAreaElement>() {
            area.value()
        } else {
            let select = self.input.dyn_ref::<HtmlSelectElement>();
            select.map(HtmlSelectElement::value).unwrap_or_default()
        }
    }
}
