//! One question of the plain form: label, help, control, problem.

use deal_contract::attachments;
use deal_contract::definition::{Choice, ChoiceControl, Condition, DateBound, Field, FieldKind};
use deal_contract::input::InputHints;
use deal_contract::kind::{Kind, TextFormat};
use deal_contract::messages::{MessageKey, PageMessageKey};
use deal_contract::problem::Language;
use deal_contract::values::{CalendarDate, FlagValue};
use maud::{Markup, html};

use super::sheet::Sheet;
use crate::settings::clock;

/// The whole question. Its control has the parameter in its id, so that a problem can link to it.
pub(super) fn field(sheet: &Sheet<'_>, field: &Field) -> Markup {
    let problems = sheet.draft.problems(&field.parameter);
    let hint = hint(sheet, field);
    let described = described_by(&sheet.id(&field.parameter), hint.is_some(), !problems.is_empty());
    let frame = Frame { field, described, wrong: !problems.is_empty(), sheet };
    let id = |part: &str| format!("{}-{part}", sheet.id(&field.parameter));
    let help = html! {
        @if let Some(hint) = &hint { p.hint id=(id("hint")) { (hint) } }
        @for (number, problem) in problems.iter().enumerate() {
            p.problem id=[(number == 0).then(|| id("problem"))] { (problem.sentence_in(sheet.localizer)) }
        }
    };
    let wrong = frame.wrong;
    match &field.kind {
        FieldKind::Flag { yes, .. } => html! {
            div.field.flag.wrong[wrong] {
                (frame.flag(*yes))
                label for=(frame.id()) { (field.label) }
                (help)
            }
        },
        FieldKind::Choice { options, control: Some(ChoiceControl::Radio) } => html! {
            fieldset.field.wrong[wrong] role="radiogroup"
                aria-required=[frame.required().then_some("true")]
                aria-describedby=[frame.described.as_deref()] aria-invalid=[frame.invalid()] {
                legend { (frame.label()) }
                (help)
                (frame.radios(options))
            }
        },
        _ => html! {
            div.field.wrong[wrong] {
                label for=(frame.id()) { (frame.label()) }
                (help)
                (frame.control())
            }
        },
    }
}

/// A control with all that it needs to know.
struct Frame<'a> {
    field: &'a Field,
    described: Option<String>,
    wrong: bool,
    sheet: &'a Sheet<'a>,
}

impl Frame<'_> {
    /// The question, and whether it may be left out.
    fn label(&self) -> Markup {
        html! {
            (self.field.label)
            @if !self.field.required {
                " " span.optional { (self.sheet.localizer.say(PageMessageKey::Optional)) }
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
                value=(self.value()) required[self.required()]
                inputmode=[given(hints.inputmode)] maxlength=(field.kind.length_limit())
                autocapitalize=[given(hints.autocapitalize)]
                autocorrect=[given(hints.autocorrect)] spellcheck=[given(hints.spellcheck)]
                dir=[given(hints.dir)] autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    fn date(&self, min: Option<DateBound>, max: Option<DateBound>) -> Markup {
        let field = self.field;
        html! {
            input type="date" id=(self.id()) name=(field.parameter)
                value=(self.value()) required[self.required()]
                min=[min.map(first_day)] max=[max.and_then(last_day)]
                autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    fn text_area(&self) -> Markup {
        let field = self.field;
        html! {
            textarea id=(self.id()) name=(field.parameter) rows="5"
                required[self.required()] maxlength=(field.kind.length_limit())
                autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described.as_deref()] aria-invalid=[self.invalid()] {
                // A parser drops one line break right after the tag (WHATWG HTML 13.1.2.5).
                "\n" (self.value())
            }
        }
    }

    fn select(&self, options: &[Choice]) -> Markup {
        let field = self.field;
        html! {
            select id=(self.id()) name=(field.parameter) required[self.required()]
                autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described.as_deref()] aria-invalid=[self.invalid()] {
                option value="" { (self.sheet.localizer.say(MessageKey::Choose)) }
                @for choice in options {
                    option value=(choice.value) selected[choice.value == self.value()] {
                        (choice.label)
                    }
                }
            }
        }
    }

    /// The first has the question's own id: a link to a group would lead nowhere.
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
                aria-describedby=[self.described.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    fn files(&self) -> Markup {
        let field = self.field;
        html! {
            input type="file" id=(self.id()) name=(attachments::PART)
                multiple[field.kind.count_limit() > 1] accept=(attachments::accept())
                required[self.required()]
                aria-describedby=[self.described.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    /// Whether the browser may insist. Not on a question that is asked at times only: it cannot
    /// tell when.
    fn id(&self) -> String {
        self.sheet.id(&self.field.parameter)
    }

    fn required(&self) -> bool {
        self.field.required && self.field.show_when.is_none()
    }

    fn value(&self) -> &str {
        self.sheet.draft.value(&self.field.parameter)
    }

    fn invalid(&self) -> Option<&'static str> {
        self.wrong.then_some("true")
    }
}

/// The value of an attribute that is left out if it is empty.
fn given(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

/// The earliest day that a browser may offer anywhere on earth. On a page that is kept open it
/// grows too early, and never too late.
fn first_day(min: DateBound) -> CalendarDate {
    min.resolve(clock::utc_day().plus_days(-1))
}

/// Only a day that stays the same: on a page that is kept open, another would refuse a good answer.
fn last_day(max: DateBound) -> Option<CalendarDate> {
    match max {
        DateBound::Day(day) => Some(day),
        DateBound::Today(_) => None,
    }
}

/// When the question counts, the author's help, and what somebody has to know to answer.
fn hint(sheet: &Sheet<'_>, field: &Field) -> Option<String> {
    let localizer = sheet.localizer;
    let needed = match field.kind.kind() {
        Kind::Attachments => {
            let limit = localizer.bytes(field.kind.total_limit());
            let words = [("kinds", &*localizer.file_kinds()), ("limit", &limit)];
            Some(localizer.fill(MessageKey::FilesHint, &words))
        }
        Kind::Text(TextFormat::Tags) if field.hint.is_none() => {
            Some(localizer.say(PageMessageKey::TagsHint))
        }
        Kind::Text(TextFormat::Phone) if field.hint.is_none() => {
            Some(localizer.say(MessageKey::PhoneHint))
        }
        _ => None,
    };
    let condition = field.show_when.as_ref().and_then(|when| condition(sheet, when));
    let parts: Vec<String> =
        [condition, field.hint.clone(), needed].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Scripts would hide the question; here it says itself when it is asked.
fn condition(sheet: &Sheet<'_>, when: &Condition) -> Option<String> {
    let localizer = sheet.localizer;
    let controlling = sheet.public.field(&when.parameter)?;
    let answer = |value: &String| match &controlling.kind {
        FieldKind::Flag { yes, .. } if value == yes.as_str() => localizer.say(PageMessageKey::Yes),
        FieldKind::Flag { .. } => localizer.say(PageMessageKey::No),
        FieldKind::Choice { options, .. } => {
            let choice = options.iter().find(|choice| choice.value == *value);
            choice.map_or_else(|| value.clone(), |choice| choice.label.clone())
        }
        _ => value.clone(),
    };
    let answers = when.is.iter().map(answer).collect::<Vec<_>>().join(" / ");
    let words = [("label", &*controlling.label), ("answers", &answers)];
    // A full stop, unless the last answer brings one.
    let said = localizer.fill(MessageKey::ShowWhenIs, &words);
    Some(if said.ends_with('.') { said } else { said + "." })
}

fn described_by(id: &str, hint: bool, problem: bool) -> Option<String> {
    let ids: Vec<String> = [("hint", hint), ("problem", problem)]
        .iter()
        .filter(|(_, there)| *there)
        .map(|(part, _)| format!("{id}-{part}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
