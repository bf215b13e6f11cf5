//! The elements of one field: its frame, and the control for its kind.

use std::cell::{Cell, RefCell};

use deal_contract::definition::{ChoiceControl, Field as Definition, FieldKind, Width};
use deal_contract::kind::TextFormat;
use deal_contract::normalize::{self, DateNotation};
use deal_contract::values::FlagValue;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use super::attachments::FileList;
use super::choice::{Options, Select};
use super::dom::{append, closest, make, set, set_visible};
use super::field::{Maker, interpretation};
use super::tags::Tags;
use super::{ADD, Announcer, CALENDAR, FIELD, PICKER, REMOVE};
use super::{attachments, choice, date, flag, text};
use crate::locale::Locale;
use crate::state::{Answer, Problems};

/// The elements of one field.
#[derive(Debug)]
pub(crate) struct Control {
    /// The heading and the text above the field, for the caller to insert.
    pub(crate) above: Option<Element>,
    /// The element around the field, for the caller to insert.
    pub(crate) frame: Element,
    /// The element with the ARIA attributes of the answer: the input, or the group of inputs.
    described: HtmlElement,
    /// The ids of the hint and of the interpretation.
    description: String,
    input: Input,
    problem: Element,
    /// The line with the interpretation of the text, or with the number of characters left.
    interpretation: Option<Element>,
    /// The parts of the label that say that an answer is required.
    required_marks: Vec<Element>,
    /// Whether the control supports `aria-required`.
    supports_required: bool,
    /// The version of the problems that the elements show.
    shown_problems: Cell<u32>,
    /// The interpretation that the field shows.
    shown_text: RefCell<String>,
}

/// The inputs of a field.
#[derive(Debug)]
enum Input {
    Line(HtmlInputElement),
    Area(HtmlTextAreaElement),
    Box { flag: HtmlInputElement, yes: FlagValue },
    Select(Select),
    Options(Options),
    Date { line: HtmlInputElement, picker: HtmlInputElement, dates: DateNotation },
    Tags(Tags),
    Files { chooser: HtmlInputElement, list: FileList },
}

/// How an event changes the answer.
#[derive(Debug)]
pub(crate) enum Action {
    /// The event does not change the answer.
    Nothing,
    /// The visitor typed or chose this text.
    Wrote(String),
    /// The visitor chose files in this file input.
    Added(HtmlInputElement),
    /// The visitor removed the file with this index.
    Removed(usize),
}

impl Input {
    /// Creates a field's inputs, and adds them to `parent`. `flag` is the checkbox of a flag,
    /// which is in the frame already. `group` is true for radio buttons and checkboxes with one
    /// label for all of them. Also returns the element with the ARIA attributes.
    fn new(
        maker: &Maker<'_>,
        parent: &Element,
        flag: Option<Element>,
        group: bool,
    ) -> (Element, Self) {
        match &maker.definition.kind {
            FieldKind::Text { format: TextFormat::MultiLine, .. } => {
                let area = text::area(maker);
                append(parent, &[&area]);
                (area.clone(), Self::Area(area.unchecked_into()))
            }
            FieldKind::Choice { .. } | FieldKind::Choices { .. } if group => {
                let (element, options) =
                    Options::new(maker, matches!(maker.definition.kind, FieldKind::Choices { .. }));
                append(parent, &[&element]);
                (element, Self::Options(options))
            }
            FieldKind::Choice { .. } => {
                let select = Select::new(maker, parent);
                (select.element().clone(), Self::Select(select))
            }
            FieldKind::Attachments { .. } => {
                let chooser = attachments::chooser(maker);
                append(parent, &[&attachments::zone(maker, &chooser)]);
                let list = FileList::new(maker, parent);
                (chooser.clone(), Self::Files { chooser: chooser.unchecked_into(), list })
            }
            FieldKind::Date { min, max } => {
                let line = text::line(maker);
                let (with_calendar, picker) = date::with_calendar(maker, &line, [*min, *max]);
                append(parent, &[&with_calendar]);
                (
                    line.clone(),
                    Self::Date { line: line.unchecked_into(), picker, dates: maker.locale.dates },
                )
            }
            FieldKind::Choices { .. } | FieldKind::Text { format: TextFormat::Tags, .. } => {
                let line = text::line(maker);
                let tags = Tags::new(maker, &line, parent);
                if maker.takes_chips() {
                    choice::suggest(maker, &line, parent);
                }
                (line, Self::Tags(tags))
            }
            FieldKind::Flag { .. } | FieldKind::Text { .. } => {
                let line = flag.unwrap_or_else(|| {
                    let line = text::line(maker);
                    append(parent, &[&line]);
                    line
                });
                let input = line.clone().unchecked_into();
                let input = match maker.definition.kind {
                    FieldKind::Flag { yes, .. } => Self::Box { flag: input, yes },
                    _ => Self::Line(input),
                };
                (line, input)
            }
        }
    }
}

impl Control {
    /// Creates the field with this index in the form. All ids begin with `prefix`.
    pub(crate) fn new(
        document: &Document,
        prefix: &str,
        index: usize,
        definition: &Definition,
        locale: &Locale,
        announcer: &Announcer,
    ) -> Self {
        let index = index.to_string();
        let id = format!("{prefix}-{index}");
        let maker = Maker { document, definition, locale, announcer, id: &id };
        let kind = definition.kind.kind();
        let group = match definition.kind {
            FieldKind::Choice { control, .. } => control == Some(ChoiceControl::Radio),
            FieldKind::Choices { .. } => !maker.takes_chips(),
            _ => false,
        };
        let default = definition.kind.is_wide().then_some(Width::Full);
        let frame = maker.make("div;class=df-field;part=field", "");
        let width = definition.width.or(default).map(Width::as_str);
        set(&frame, "data-width", width.unwrap_or_default());
        set(&frame, FIELD, &index);
        set(&frame, "data-kind", kind.as_str());
        let above = maker.above();
        let (label, required_marks) = maker.label(group);
        let (hint, problem) = (maker.hint(), maker.problem());
        let interpretation = interpretation::line(&maker);
        let mut description = hint.as_ref().map(Element::id).unwrap_or_default();

        // The checkbox of a flag is beside its label; all other controls are below theirs.
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
        let inputs = maker.make("div;class=df-control", "");
        if flag.is_none() {
            append(&frame, &[&inputs]);
        }
        let (element, input) = Input::new(&maker, &inputs, flag, group);
        if let Some(line) = &interpretation {
            line.set_id(&maker.id("feedback"));
            description = format!("{description} {}", line.id());
            append(&frame, &[line]);
        }
        set(&element, "aria-describedby", description.trim());
        let supports_required = maker.can_be_required();
        let described = element.unchecked_into();
        Self {
            above,
            frame,
            described,
            description,
            input,
            problem,
            interpretation,
            required_marks,
            supports_required,
            shown_problems: Cell::default(),
            shown_text: RefCell::default(),
        }
    }

    /// Sets what the Enter key of an on-screen keyboard does: a value of `enterkeyhint`, or an empty text.
    pub(crate) fn label_enter_key(&self, hint: &str) {
        set(&self.described, "enterkeyhint", hint);
    }

    /// Shows or hides the field, with the text above it.
    pub(crate) fn set_visible(&self, visible: bool) {
        set_visible(&self.frame, visible);
        self.above.iter().for_each(|above| set_visible(above, visible));
    }

    /// Moves the focus to the control.
    pub(crate) fn focus(&self) {
        let element: &HtmlElement = match &self.input {
            Input::Options(options) => {
                let Some(button) = options.first() else { return };
                button
            }
            _ => &self.described,
        };
        // Fails only for an element that cannot take the focus.
        let _ = element.focus();
    }

    /// Returns whether the focus is in this field.
    pub(crate) fn has_focus(&self) -> bool {
        self.frame.matches(":focus-within").unwrap_or_default()
    }

    /// Updates the elements for this answer and its problems. Returns a text to announce when the
    /// visitor pauses, if it has changed.
    pub(crate) fn render(
        &self,
        definition: &Definition,
        answer: &Answer,
        problems: Problems,
        locale: &Locale,
    ) -> Option<String> {
        if let Input::Files { list, .. } = &self.input {
            list.render(definition, &answer.files, &problems.messages.files, locale);
        }
        self.write(definition, &answer.text);
        if self.shown_problems.replace(problems.version) != problems.version {
            self.show_problems(&problems);
        }
        let line = self.interpretation.as_ref()?;
        let interpretation = interpretation::of(definition, &answer.text, locale);
        if *self.shown_text.borrow() == interpretation.text {
            return None;
        }
        line.set_text_content(Some(&interpretation.text));
        self.shown_text.replace(interpretation.text.clone());
        interpretation.is_announced.then_some(interpretation.text)
    }

    /// Shows whether an answer is required now.
    pub(crate) fn show_required(&self, required: bool) {
        for mark in &self.required_marks {
            set_visible(mark, required);
        }
        // Do not set `required`: a screen reader would announce an empty field as invalid.
        if self.supports_required {
            set(&self.described, "aria-required", if required { "true" } else { "" });
        }
    }

    /// Shows the problems. A solved problem is invisible, but keeps its space.
    fn show_problems(&self, problems: &Problems) {
        let Problems { messages, is_solved, .. } = problems;
        let is_invalid = !messages.is_empty() && !is_solved;
        set(&self.described, "aria-invalid", if is_invalid { "true" } else { "" });
        set(&self.frame, "data-invalid", if is_invalid { "true" } else { "" });
        set(&self.problem, "data-solved", if *is_solved { "true" } else { "" });
        // A description also contains invisible text, so remove the solved problem from it.
        let problem = if is_invalid { self.problem.id() } else { String::new() };
        let described_by = format!("{problem} {}", self.description);
        set(&self.described, "aria-describedby", described_by.trim());
        set_visible(&self.problem, !messages.whole.is_empty());
        self.problem.set_text_content(None);
        if let Some(document) = self.frame.owner_document() {
            for sentence in &messages.whole {
                append(&self.problem, &[&make(&document, "span", sentence)]);
            }
        }
    }

    /// Writes the text into the control, unless it is already there: rewriting it would move the
    /// cursor.
    fn write(&self, definition: &Definition, text: &str) {
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
            Input::Select(select) => select.write(definition, text),
            Input::Options(options) => options.write(definition, text),
            Input::Tags(tags) => tags.write(text),
            Input::Files { .. } => {}
        }
    }

    /// Returns the current text of the control.
    fn read(&self) -> String {
        match &self.input {
            Input::Line(line) | Input::Date { line, .. } => line.value(),
            Input::Area(area) => area.value(),
            Input::Box { flag, yes } if flag.checked() => yes.to_string(),
            Input::Box { yes, .. } => yes.other().to_string(),
            Input::Select(select) => select.text(),
            Input::Options(options) => options.text(),
            Input::Tags(tags) => tags.text(),
            Input::Files { .. } => String::new(),
        }
    }

    /// Returns whether keys such as Enter change the answer.
    pub(crate) fn handles_keys(&self) -> bool {
        matches!(self.input, Input::Tags(_))
    }

    /// Handles an event in this field.
    pub(crate) fn handle_event(&self, name: &str, event: &Event) -> Action {
        match (name, &self.input) {
            ("input", Input::Files { .. }) => return Action::Nothing,
            ("change", Input::Files { chooser, .. }) => return Action::Added(chooser.clone()),
            ("input" | "change", Input::Date { line, picker, .. }) => {
                if closest(event.target(), PICKER).is_some() {
                    line.set_value(&picker.value());
                }
            }
            ("input" | "change", Input::Tags(tags)) => tags.split_typed(),
            ("input" | "change", _) => {}
            ("keydown", Input::Tags(tags)) if tags.handle_key(event.unchecked_ref()) => {}
            ("click", _) => return self.handle_click(event),
            _ => return Action::Nothing,
        }
        Action::Wrote(self.read())
    }

    /// Lets the visitor continue to type a tag that was begun in the plain form.
    pub(crate) fn continue_typing(&self) {
        if let Input::Tags(tags) = &self.input {
            tags.edit_last();
        }
    }

    /// Turns typed text into a tag when the visitor leaves the field. Returns the new answer if it
    /// has changed.
    pub(crate) fn commit_typed(&self) -> Option<String> {
        match &self.input {
            Input::Tags(tags) => tags.commit_typed().then(|| tags.text()),
            _ => None,
        }
    }

    fn handle_click(&self, event: &Event) -> Action {
        let remove = || closest(event.target(), REMOVE)?.1.parse().ok();
        match &self.input {
            Input::Date { line, picker, dates } => {
                // On a touch screen, a tap opens the picker itself, which lies above the button.
                let is_button = closest(event.target(), CALENDAR).is_some();
                if is_button || closest(event.target(), PICKER).is_some() {
                    picker.set_value(&normalize::date(&line.value(), *dates));
                }
                if is_button {
                    date::open_calendar(picker);
                }
            }
            Input::Tags(tags) => {
                if let Some(index) = remove() {
                    tags.remove(index);
                    self.focus();
                    return Action::Wrote(tags.text());
                }
                if closest(event.target(), ADD).is_some() {
                    tags.commit_typed();
                    self.focus();
                    return Action::Wrote(tags.text());
                }
            }
            Input::Files { .. } => return remove().map_or(Action::Nothing, Action::Removed),
            _ => {}
        }
        Action::Nothing
    }

    /// Empties the file input, so that the visitor can choose a removed file again.
    pub(crate) fn clear_chooser(&self) {
        if let Input::Files { chooser, .. } = &self.input {
            chooser.set_value("");
        }
    }
}
