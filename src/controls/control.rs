//! A field on the page: its frame and the control for its kind.

use std::cell::RefCell;

use deal_contract::definition::{ChoiceControl, Field as Definition, FieldKind};
use deal_contract::kind::{Kind, TextFormat};
use deal_contract::normalize::{self, DateNotation};
use deal_contract::values::FlagValue;
use wasm_bindgen::JsCast;
use web_sys::{
    Document, Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
};

use super::attachments::FileList;
use super::dom::{append, closest, make, set, show};
use super::field::{Maker, interpretation};
use super::tags::Tags;
use super::{ADD, CALENDAR, FIELD, PICKER, REMOVE};
use super::{attachments, choice, date, flag, text};
use crate::locale::Locale;
use crate::state::{Answer, FieldMessages};

/// A field on the page.
#[derive(Debug)]
pub(crate) struct Control {
    /// The frame; it goes into the form.
    pub(crate) frame: Element,
    /// What carries the state of the answer for a screen reader: the input, or the group of them.
    described: HtmlElement,
    input: Input,
    problem: Element,
    /// How the text was understood, or how much of it may follow.
    interpretation: Option<Element>,
    said: RefCell<Vec<String>>,
}

/// What the visitor operates.
#[derive(Debug)]
enum Input {
    Line(HtmlInputElement),
    Area(HtmlTextAreaElement),
    Box { flag: HtmlInputElement, yes: FlagValue },
    Select(HtmlSelectElement),
    Radios(Vec<HtmlInputElement>),
    Date { line: HtmlInputElement, picker: HtmlInputElement, dates: DateNotation },
    Tags(Tags),
    Files { chooser: HtmlInputElement, list: FileList },
}

/// What a visitor did in a control.
#[derive(Debug)]
pub(crate) enum Action {
    /// Nothing that changes the answer.
    Nothing,
    /// Typed or chose that text.
    Wrote(String),
    /// Chose files in this chooser.
    Added(HtmlInputElement),
    /// Removed the file at that place.
    Removed(usize),
}

impl Control {
    /// Makes the field at that index of the form. Ids begin with `prefix`.
    pub(crate) fn new(
        document: &Document,
        prefix: &str,
        index: usize,
        definition: &Definition,
        locale: &Locale,
    ) -> Self {
        let index = index.to_string();
        let id = format!("{prefix}-{index}");
        let maker = Maker { document, definition, locale, id: &id };
        let kind = definition.kind.kind();
        let radios = matches!(
            definition.kind,
            FieldKind::Choice { control: Some(ChoiceControl::Radio), .. }
        );
        let frame = if radios || is_wide(kind) {
            "div;class=df-field df-wide;part=field"
        } else {
            "div;class=df-field;part=field"
        };
        let frame = maker.make(frame, "");
        set(&frame, FIELD, &index);
        set(&frame, "data-kind", kind.as_str());
        let label = maker.label(radios);
        let (hint, problem) = (maker.hint(), maker.problem());
        let interpretation = interpretation::line(&maker);
        let mut described = problem.id();
        if let Some(hint) = &hint {
            described = format!("{} {described}", hint.id());
        }

        // A box stands before its label, all else below it.
        let flag = match definition.kind {
            FieldKind::Flag { control, .. } => Some(flag::checkbox(&maker, control)),
            _ => None,
        };
        let top = maker.make("div;class=df-flag", "");
        let top = if let Some(flag) = &flag {
            append(&top, &[flag, &label]);
            top
        } else {
            label
        };
        append(&frame, &[&top]);
        append(&frame, hint.as_ref().as_slice());
        append(&frame, &[&problem]);
        let (element, input) = match &definition.kind {
            FieldKind::Text { format: TextFormat::MultiLine, .. } => {
                let area = text::area(&maker);
                append(&frame, &[&area]);
                (area.clone(), Input::Area(area.unchecked_into()))
            }
            FieldKind::Choice { options, .. } if radios => {
                let (group, buttons) = choice::radios(&maker, options);
                append(&frame, &[&group]);
                (group, Input::Radios(buttons))
            }
            FieldKind::Choice { options, .. } => {
                let select = choice::select(&maker, options);
                append(&frame, &[&select]);
                (select.clone(), Input::Select(select.unchecked_into()))
            }
            FieldKind::Attachments { .. } => {
                let chooser = attachments::chooser(&maker);
                append(&frame, &[&attachments::zone(&maker, &chooser)]);
                let list = FileList::new(&maker, &frame);
                (chooser.clone(), Input::Files { chooser: chooser.unchecked_into(), list })
            }
            FieldKind::Date { min, max } => {
                let line = text::line(&maker);
                let (with_calendar, picker) = date::with_calendar(&maker, &line, [*min, *max]);
                append(&frame, &[&with_calendar]);
                (
                    line.clone(),
                    Input::Date { line: line.unchecked_into(), picker, dates: locale.dates },
                )
            }
            FieldKind::Text { format: TextFormat::Tags, .. } => {
                let line = text::line(&maker);
                let tags = Tags::new(&maker, &line, &frame);
                (line, Input::Tags(tags))
            }
            FieldKind::Flag { .. } | FieldKind::Text { .. } => {
                let line = flag.unwrap_or_else(|| {
                    let line = text::line(&maker);
                    append(&frame, &[&line]);
                    line
                });
                let input = line.clone().unchecked_into();
                let input = match definition.kind {
                    FieldKind::Flag { yes, .. } => Input::Box { flag: input, yes },
                    _ => Input::Line(input),
                };
                (line, input)
            }
        };
        if let Some(line) = &interpretation {
            line.set_id(&maker.id("beside"));
            described = format!("{described} {}", line.id());
            append(&frame, &[line]);
        }
        set(&element, "aria-describedby", &described);
        // Not `required`: a screen reader would call the field invalid before it was filled in.
        // A file input knows neither; its label says it.
        if definition.required && kind != Kind::Attachments {
            set(&element, "aria-required", "true");
        }
        let said = RefCell::default();
        Self { frame, described: element.unchecked_into(), input, problem, interpretation, said }
    }

    /// Moves the focus to it.
    pub(crate) fn focus(&self) {
        let element: &HtmlElement = match &self.input {
            Input::Radios(buttons) => {
                let checked = buttons.iter().find(|button| button.checked());
                let Some(button) = checked.or(buttons.first()) else { return };
                button
            }
            _ => &self.described,
        };
        // Fails only for an element that cannot take the focus.
        let _ = element.focus();
    }

    /// Whether the visitor is there.
    pub(crate) fn has_focus(&self) -> bool {
        self.frame.matches(":focus-within").unwrap_or_default()
    }

    /// Brings the page in line with the answer and its problems.
    pub(crate) fn render(
        &self,
        definition: &Definition,
        answer: &Answer,
        messages: FieldMessages,
        locale: &Locale,
    ) {
        let invalid = if messages.is_empty() { "" } else { "true" };
        set(&self.described, "aria-invalid", invalid);
        set(&self.frame, "data-invalid", invalid);
        if let Input::Files { list, .. } = &self.input {
            list.show(definition, &answer.files, &messages.files, locale);
        }
        self.show_problem(messages.whole);
        if let Some(line) = &self.interpretation {
            let shown = interpretation::of(definition, &answer.text, locale);
            set(line, "aria-live", if shown.is_live { "polite" } else { "" });
            line.set_text_content(Some(&shown.text));
        }
        self.write(&answer.text);
    }

    /// Written anew only when it says something else: each writing is told by a screen reader.
    fn show_problem(&self, sentences: Vec<String>) {
        if *self.said.borrow() == sentences {
            return;
        }
        show(&self.problem, !sentences.is_empty());
        self.problem.set_text_content(None);
        if let Some(document) = self.frame.owner_document() {
            for sentence in &sentences {
                append(&self.problem, &[&make(&document, "span", sentence)]);
            }
        }
        *self.said.borrow_mut() = sentences;
    }

    /// Writes the text into the control unless it stands there, so that the cursor stays.
    fn write(&self, text: &str) {
        match &self.input {
            Input::Line(line) | Input::Date { line, .. } => {
                if line.value() != text {
                    line.set_value(text);
                }
            }
            Input::Area(area) => {
                if area.value() != text {
                    area.set_value(text);
                }
            }
            Input::Box { flag, yes } => flag.set_checked(text == yes.as_str()),
            Input::Select(select) => select.set_value(text),
            Input::Radios(buttons) => {
                for button in buttons {
                    button.set_checked(button.value() == text);
                }
            }
            Input::Tags(tags) => tags.write(text),
            Input::Files { .. } => {}
        }
    }

    /// The text in the control that the visitor operated.
    fn read(&self) -> String {
        match &self.input {
            Input::Line(line) | Input::Date { line, .. } => line.value(),
            Input::Area(area) => area.value(),
            Input::Box { flag, yes } if flag.checked() => yes.to_string(),
            Input::Box { yes, .. } => yes.other().to_string(),
            Input::Select(select) => select.value(),
            Input::Radios(buttons) => {
                let checked = buttons.iter().find(|button| button.checked());
                checked.map(HtmlInputElement::value).unwrap_or_default()
            }
            Input::Tags(tags) => tags.text(),
            Input::Files { .. } => String::new(),
        }
    }

    /// What the event, which happened in this field, does to the answer.
    pub(crate) fn hear(&self, name: &str, event: &Event) -> Action {
        match (name, &self.input) {
            ("input", Input::Files { .. }) => return Action::Nothing,
            ("change", Input::Files { chooser, .. }) => return Action::Added(chooser.clone()),
            ("input" | "change", Input::Date { line, picker, .. }) => {
                if closest(event.target(), PICKER).is_some() {
                    line.set_value(&picker.value());
                }
            }
            ("input" | "change", Input::Tags(tags)) => tags.typed(),
            ("input" | "change", _) => {}
            ("keydown", Input::Tags(tags)) if tags.key(event.unchecked_ref()) => {}
            ("click", _) => return self.click(event),
            _ => return Action::Nothing,
        }
        Action::Wrote(self.read())
    }

    /// The text in a control that was left, where leaving it changes that: what is typed is a tag.
    pub(crate) fn finish(&self) -> Option<String> {
        match &self.input {
            Input::Tags(tags) => tags.finish().then(|| tags.text()),
            _ => None,
        }
    }

    fn click(&self, event: &Event) -> Action {
        let remove = || closest(event.target(), REMOVE)?.1.parse().ok();
        match &self.input {
            Input::Date { line, picker, dates } if closest(event.target(), CALENDAR).is_some() => {
                date::open_calendar(picker, &normalize::date(&line.value(), *dates));
            }
            Input::Tags(tags) => {
                if let Some(index) = remove() {
                    tags.remove(index);
                    self.focus();
                    return Action::Wrote(tags.text());
                }
                if closest(event.target(), ADD).is_some() {
                    tags.finish();
                    self.focus();
                    return Action::Wrote(tags.text());
                }
            }
            Input::Files { .. } => return remove().map_or(Action::Nothing, Action::Removed),
            _ => {}
        }
        Action::Nothing
    }

    /// So that the same file can be chosen again after it was removed.
    pub(crate) fn forget_chosen(&self) {
        if let Input::Files { chooser, .. } = &self.input {
            chooser.set_value("");
        }
    }
}

/// Whether the field takes the whole width of the form.
fn is_wide(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Text(TextFormat::MultiLine | TextFormat::Tags) | Kind::Flag | Kind::Attachments
    )
}
