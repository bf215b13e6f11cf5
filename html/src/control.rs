//! Renders one question of the plain form: label, help, control and problems.

use deal_contract::attachments;
use deal_contract::definition::{Choice, ChoiceControl, DateBound, Field, FieldKind};
use deal_contract::input::InputHints;
use deal_contract::kind::{Kind, TextFormat};
use deal_contract::messages::{MessageKey, PageMessageKey};
use deal_contract::problem::Language;
use deal_contract::values::{CalendarDate, FlagValue};
use maud::{Markup, html};

use crate::PlainForm;

/// The whole question. The id of its control contains the parameter, so that a problem can link to it.
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
    let wrong = view.has_problem;
    match &field.kind {
        FieldKind::Flag { yes, .. } => html! {
            div.field.flag.wrong[wrong] {
                (view.flag(*yes))
                label for=(view.id()) { (field.label) }
                (help)
            }
        },
        FieldKind::Choice { options, control: Some(ChoiceControl::Radio) } => html! {
            fieldset.field.wrong[wrong] role="radiogroup"
                aria-required=[view.required().then_some("true")]
                aria-describedby=[view.described_by.as_deref()] aria-invalid=[view.invalid()] {
                legend { (view.label()) }
                (help)
                (view.radios(options))
            }
        },
        _ => html! {
            div.field.wrong[wrong] {
                label for=(view.id()) { (view.label()) }
                (help)
                (view.control())
            }
        },
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
    /// The label, with a note if the answer is optional.
    fn label(&self) -> Markup {
        html! {
            (self.field.label)
            @if !self.field.may_be_required() {
                " " span.optional { (self.plain.localizer.say(PageMessageKey::Optional)) }
            }
        }
    }

    fn control(&self) -> Markup {
        match &self.field.kind {
            FieldKind::Text { format: TextFormat::MultiLine, .. } => self.text_area(),
            FieldKind::Choice { options, .. } => self.select(options),
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

    /// The earliest day in any time zone. While a page stays open, this day becomes earlier than
    /// necessary, but never too late.
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
            }
        }
    }

    /// The first button has the question's id, because a link cannot focus a group.
    fn radios(&self, options: &[Choice]) -> Markup {
        let name = &self.field.parameter;
        let id = |number: usize| match number {
            0 => name.clone(),
            number => format!("{name}-{number}"),
        };
        html! {
            @for (number, Choice { value, label }) in options.iter().enumerate() {
                div.option {
                    input type="radio" id=(id(number)) name=(name) value=(value)
                        checked[value == self.value()] required[self.required()];
                    label for=(id(number)) { (label) }
                }
            }
        }
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

    /// Whether the browser requires an answer. It does not for a conditional question, because it cannot
    /// evaluate the condition.
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

/// The value of an attribute, or `None` if it is empty, so that the attribute is omitted.
fn non_empty(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

/// The last day, if it is fixed. A limit relative to today would refuse valid answers on a page that
/// stays open.
fn last_day(max: DateBound) -> Option<CalendarDate> {
    match max {
        DateBound::Day(day) => Some(day),
        DateBound::Today(_) => None,
    }
}

/// The conditions, the author's hint, and the format of the answer.
fn hint(plain: &PlainForm<'_>, field: &Field) -> Option<String> {
    let localizer = plain.localizer;
    let format = match field.kind.kind() {
        Kind::Attachments => {
            let limit = localizer.bytes(field.kind.total_limit());
            let values = [("kinds", &*localizer.file_kinds()), ("limit", &limit)];
            Some(localizer.fill(MessageKey::FilesHint, &values))
        }
        Kind::Text(TextFormat::Tags) if field.hint.is_none() => {
            Some(localizer.say(PageMessageKey::TagsHint))
        }
        Kind::Text(TextFormat::Phone) if field.hint.is_none() => {
            Some(localizer.say(MessageKey::PhoneHint))
        }
        _ => None,
    };
    let shown = field.show_when.as_ref().map(|when| plain.only_if(when));
    let required = field.required_when.as_ref().map(|when| plain.required_if(when));
    let parts: Vec<String> =
        [shown, required, field.hint.clone(), format].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn described_by(id: &str, hint: bool, problem: bool) -> Option<String> {
    let ids: Vec<String> = [("hint", hint), ("problem", problem)]
        .iter()
        .filter(|(_, exists)| *exists)
        .map(|(part, _)| format!("{id}-{part}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
