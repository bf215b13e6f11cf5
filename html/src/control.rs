//! Renders one question of the plain form: label, help, control and problems.

use deal_contract::attachments;
use deal_contract::definition::{Choice, ChoiceControl, DateBound, Field, FieldKind, Width};
use deal_contract::input::InputHints;
use deal_contract::kind::{Kind, TextFormat};
use deal_contract::messages::{MessageKey, PageMessageKey};
use deal_contract::problem::Language;
use deal_contract::values::choices::OTHER;
use deal_contract::values::{CalendarDate, FlagValue};
use maud::{Markup, html};

use crate::{PlainForm, rich_text};

/// Renders the whole question. The id of its control contains the parameter, so that a problem can
/// link to it.
pub(crate) fn field(plain: &PlainForm<'_>, field: &Field) -> Markup {
    let problems = plain.answers.problems(&field.parameter);
    let hint = hint(plain, field);
    let described_by =
        described_by(&plain.id(&field.parameter), hint.is_some(), !problems.is_empty());
    let view = FieldView { field, described_by, has_problem: !problems.is_empty(), plain };
    let id = |part: &str| format!("{}-{part}", plain.id(&field.parameter));
    let help = html! {
        @if let Some(hint) = &hint { p.hint id=(id("hint")) { (hint) } }
        @for (number, problem) in problems.iter().enumerate() {
            p.problem id=[(number == 0).then(|| id("problem"))] { (problem.sentence_in(plain.localizer)) }
        }
    };
    let question = match &field.kind {
        FieldKind::Flag { yes, .. } => html! {
            div class=(view.class("flag")) {
                (view.flag(*yes))
                label for=(view.id()) { (rich_text::line(&field.label, plain.localizer)) }
                (help)
            }
        },
        FieldKind::Choice { control: Some(ChoiceControl::Radio), .. } => html! {
            fieldset class=(view.class("")) role="radiogroup"
                aria-required=[view.required().then_some("true")]
                aria-describedby=[view.described_by.as_deref()] aria-invalid=[view.invalid()] {
                legend { (view.label()) }
                (help)
                (view.options("radio"))
            }
        },
        FieldKind::Choices { .. } => html! {
            fieldset class=(view.class("")) aria-describedby=[view.described_by.as_deref()] {
                legend { (view.label()) }
                (help)
                (view.options("checkbox"))
            }
        },
        _ => html! {
            div class=(view.class("")) {
                label for=(view.id()) { (view.label()) }
                (help)
                (view.control())
            }
        },
    };
    html! { (above(plain, field)) (question) }
}

/// Renders the heading and the text above the question.
fn above(plain: &PlainForm<'_>, field: &Field) -> Markup {
    html! {
        @if field.heading.is_some() || field.text.is_some() {
            div.above {
                @if let Some(heading) = &field.heading { (plain.group_heading(heading)) }
                @if let Some(text) = &field.text { (rich_text::blocks(text, "text", plain.localizer)) }
            } "\n"
        }
    }
}

/// A field with everything that its control needs.
struct FieldView<'a> {
    field: &'a Field,
    described_by: Option<String>,
    has_problem: bool,
    plain: &'a PlainForm<'a>,
}

impl FieldView<'_> {
    /// Renders the label, with a note if the answer is optional.
    fn label(&self) -> Markup {
        html! {
            (rich_text::line(&self.field.label, self.plain.localizer))
            @if !self.field.may_be_required() {
                " " span.optional { (self.plain.localizer.say(PageMessageKey::Optional)) }
            }
        }
    }

    /// Returns the class of the element around the question.
    fn class(&self, kind: &str) -> String {
        let width = self.field.width.filter(|width| *width != Width::Full).map(Width::as_str);
        let wrong = if self.has_problem { "wrong" } else { "" };
        let classes = ["field", kind, width.unwrap_or_default(), wrong];
        classes.into_iter().filter(|class| !class.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn control(&self) -> Markup {
        match &self.field.kind {
            FieldKind::Text { format: TextFormat::MultiLine, .. } => self.text_area(),
            FieldKind::Choice { options, .. } | FieldKind::Choices { options, .. } => {
                self.select(options)
            }
            FieldKind::Attachments { .. } => self.files(),
            FieldKind::Date { min, max } => self.date(*min, *max),
            FieldKind::Text { .. } | FieldKind::Flag { .. } => self.input(),
        }
    }

    fn input(&self) -> Markup {
        let field = self.field;
        let hints = InputHints::of(field.kind.kind());
        html! {
            input type=(hints.input_type) id=(self.id()) name=(field.parameter)
                value=(self.value()) required[self.required()] minlength=[field.limits.min_length]
                inputmode=[non_empty(hints.inputmode)] maxlength=(field.kind.length_limit())
                autocapitalize=[non_empty(hints.autocapitalize)]
                autocorrect=[non_empty(hints.autocorrect)] spellcheck=[non_empty(hints.spellcheck)]
                dir=[non_empty(hints.dir)] autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    fn date(&self, min: Option<DateBound>, max: Option<DateBound>) -> Markup {
        let field = self.field;
        html! {
            input type="date" id=(self.id()) name=(field.parameter)
                value=(self.value()) required[self.required()]
                min=[min.map(|min| self.first_day(min))] max=[max.and_then(last_day)]
                autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    /// Returns the first day that is allowed in any time zone. While a page stays open, this day
    /// becomes earlier than necessary, but never too late.
    fn first_day(&self, min: DateBound) -> CalendarDate {
        min.resolve(self.plain.today.plus_days(-1))
    }

    fn text_area(&self) -> Markup {
        let field = self.field;
        html! {
            textarea id=(self.id()) name=(field.parameter) rows="5"
                required[self.required()] minlength=[field.limits.min_length]
                maxlength=(field.kind.length_limit()) autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()] {
                // Parsers drop the first line break after the tag (WHATWG HTML 13.1.2.5).
                "\n" (self.value())
            }
        }
    }

    fn select(&self, options: &[Choice]) -> Markup {
        let field = self.field;
        html! {
            select id=(self.id()) name=(field.parameter) required[self.required()]
                autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()] {
                option value="" { (self.plain.localizer.say(MessageKey::Choose)) }
                @for choice in options {
                    option value=(choice.value) selected[choice.value == self.value()] {
                        (choice.label)
                    }
                }
                @if field.kind.takes_other() {
                    option value=(OTHER) selected[!self.own_answer().is_empty()] {
                        (self.plain.localizer.say(MessageKey::Other))
                    }
                }
            }
            @if field.kind.takes_other() { (self.other_line()) }
        }
    }

    /// Renders radio buttons or checkboxes. The first one has the question's id, because a link
    /// cannot focus a group.
    fn options(&self, input_type: &str) -> Markup {
        let (name, kind) = (&self.field.parameter, &self.field.kind);
        let id = |number: usize| match number {
            0 => self.id(),
            number => format!("{}-{number}", self.id()),
        };
        let parts = kind.parts(self.value());
        let own = self.own_answer();
        let options = kind.options().iter();
        let options = options.map(|Choice { value, label }| {
            (value.as_str(), label.clone(), parts.contains(&&**value))
        });
        let other = kind
            .takes_other()
            .then(|| (OTHER, self.plain.localizer.say(MessageKey::Other), !own.is_empty()));
        // A browser would require every checkbox instead of one of them.
        let required = input_type == "radio" && self.required();
        html! {
            @for (number, (value, label, checked)) in options.chain(other).enumerate() {
                div.option {
                    input type=(input_type) id=(id(number)) name=(name) value=(value)
                        checked[checked] required[required];
                    label for=(id(number)) { (label) }
                }
            }
            @if kind.takes_other() { (self.other_line()) }
        }
    }

    /// Renders the line for an answer that is not an option. It has the same name as the options.
    fn other_line(&self) -> Markup {
        html! {
            input type="text" name=(self.field.parameter) value=(self.own_answer())
                aria-label=(self.plain.localizer.say(MessageKey::OtherAnswer))
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()]
                maxlength=(self.field.kind.length_limit()) autocomplete="off" dir="auto";
        }
    }

    /// Returns the parts of the answer that are not options.
    fn own_answer(&self) -> String {
        let kind = &self.field.kind;
        let is_option = |part: &str| kind.options().iter().any(|option| option.value == part);
        let parts = kind.parts(self.value()).into_iter();
        parts.filter(|part| !part.is_empty() && !is_option(part)).collect::<Vec<_>>().join(", ")
    }

    fn flag(&self, yes: FlagValue) -> Markup {
        let (field, yes) = (self.field, yes.as_str());
        html! {
            input type="checkbox" id=(self.id()) name=(field.parameter) value=(yes)
                checked[self.value() == yes] required[self.required()]
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    fn files(&self) -> Markup {
        let field = self.field;
        html! {
            input type="file" id=(self.id()) name=(attachments::PART)
                multiple[field.kind.count_limit() > 1] accept=(attachments::accept())
                required[self.required()]
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    fn id(&self) -> String {
        self.plain.id(&self.field.parameter)
    }

    /// Returns whether the browser requires an answer. It does not require an answer to a
    /// conditional question, because it cannot evaluate the condition.
    fn required(&self) -> bool {
        self.field.required && !self.plain.public.is_conditional(self.field)
    }

    fn value(&self) -> &str {
        self.plain.answers.value(&self.field.parameter)
    }

    fn invalid(&self) -> Option<&'static str> {
        self.has_problem.then_some("true")
    }
}

/// Returns the value of an attribute, or `None` if it is empty, so that the attribute is omitted.
fn non_empty(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

/// Returns the last day, if it is fixed. A limit relative to today would refuse valid answers on a
/// page that stays open.
fn last_day(max: DateBound) -> Option<CalendarDate> {
    match max {
        DateBound::Day(day) => Some(day),
        DateBound::Today(_) => None,
    }
}

/// Renders the conditions, the author's hint, and the format of the answer. Returns `None` if the
/// question has none of them.
fn hint(plain: &PlainForm<'_>, field: &Field) -> Option<Markup> {
    let localizer = plain.localizer;
    let format = match field.kind.kind() {
        Kind::Attachments => {
            Some(localizer.files_hint(field.kind.count_limit(), field.kind.total_limit()))
        }
        Kind::Text(TextFormat::Tags) if field.hint.is_none() => {
            Some(localizer.say(PageMessageKey::TagsHint))
        }
        Kind::Text(TextFormat::Phone) if field.hint.is_none() => {
            Some(localizer.say(MessageKey::PhoneHint))
        }
        _ => None,
    };
    let text = |text: String| html! { (text) };
    let parts = [
        field.show_when.as_ref().map(|when| text(plain.only_if(when))),
        field.required_when.as_ref().map(|when| text(plain.required_if(when))),
        field.hint.as_ref().map(|hint| rich_text::line(hint, localizer)),
        format.map(text),
    ];
    let parts: Vec<Markup> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| {
        html! {
            @for (number, part) in parts.iter().enumerate() {
                @if number > 0 { " " }
                (part)
            }
        }
    })
}

fn described_by(id: &str, hint: bool, problem: bool) -> Option<String> {
    let ids: Vec<String> = [("hint", hint), ("problem", problem)]
        .iter()
        .filter(|(_, exists)| *exists)
        .map(|(part, _)| format!("{id}-{part}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
