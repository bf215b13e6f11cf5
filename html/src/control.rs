//! Renders one question of the plain form: label, hint, problems and control.

use deal_contract::attachments;
use deal_contract::definition::{Choice, ChoiceControl, Field, FieldKind, FlagControl, Width};
use deal_contract::input::{InputHints, plain_enter_key_hint};
use deal_contract::kind::TextFormat;
use deal_contract::messages::MessageKey;
use deal_contract::values::FlagValue;
use deal_contract::values::choices::OTHER;
use maud::{Markup, html};

use crate::{PlainForm, hint, rich_text};

/// Renders the whole question. The id of its control contains the parameter, so that a problem can
/// link to it.
pub(crate) fn field(plain: &PlainForm<'_>, field: &Field) -> Markup {
    let problems = plain.answers.problems(&field.parameter);
    let hint = hint::sentences(plain, field);
    let view = FieldView {
        field,
        described_by: described_by(
            &plain.id(&field.parameter),
            hint.is_some(),
            !problems.is_empty(),
        ),
        has_problem: !problems.is_empty(),
        plain,
    };
    let help = html! {
        @if let Some(hint) = &hint { p.df-hint id=(view.part("hint")) { (hint) } }
        @if !problems.is_empty() {
            p.df-problem id=(view.part("problem")) {
                @for (number, problem) in problems.iter().enumerate() {
                    @if number > 0 { " " }
                    span { (problem.sentence_in(plain.localizer)) }
                }
            }
        }
    };
    html! {
        (above(plain, field))
        div.df-field data-kind=(field.kind.kind().as_str()) data-width=[view.width()]
            data-invalid=[view.invalid()] {
            @if let FieldKind::Flag { yes, control } = field.kind {
                div.df-flag { (view.flag(yes, control)) (view.label()) }
                (help)
            } @else {
                (view.label())
                (help)
                div.df-control { (view.control()) }
                // The widget writes here how it understands the answer. The line takes the same room
                // in both forms.
                @if field.kind.has_feedback() { p.df-feedback {} }
            }
        }
    }
}

/// Renders the heading and the text above the question.
fn above(plain: &PlainForm<'_>, field: &Field) -> Markup {
    html! {
        @if field.heading.is_some() || field.text.is_some() {
            div.df-above {
                @if let Some(heading) = &field.heading { (plain.group_heading(heading, None)) }
                @if let Some(text) = &field.text {
                    (rich_text::blocks(text, "df-text", plain.localizer))
                }
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
    /// Renders the label. The label of a group is not a `<label>` element, because that can name
    /// only one input.
    fn label(&self) -> Markup {
        let text = html! {
            (rich_text::line(&self.field.label, self.plain.localizer))
            @if self.field.required { (self.mark()) }
        };
        html! {
            @if self.is_group() {
                span.df-label id=(self.part("label")) dir="auto" { (text) }
            } @else {
                label.df-label for=(self.id()) dir="auto" { (text) }
            }
        }
    }

    /// Renders the mark of a question that needs an answer. Where no attribute says so to a screen
    /// reader, the label does.
    fn mark(&self) -> Markup {
        let localizer = self.plain.localizer;
        html! {
            span.df-mark aria-hidden="true" { (localizer.say(MessageKey::RequiredMark)) }
            @if !self.required() || matches!(self.field.kind, FieldKind::Choices { .. }) {
                span.df-unseen lang=(localizer.lang()) { (localizer.say(MessageKey::Required)) }
            }
        }
    }

    /// Returns whether the control is a group of radio buttons or checkboxes. Without scripts,
    /// checkboxes replace chips: a browser suggests options only for the first answer in a line.
    fn is_group(&self) -> bool {
        match self.field.kind {
            FieldKind::Choice { control, .. } => control == Some(ChoiceControl::Radio),
            FieldKind::Choices { .. } => true,
            _ => false,
        }
    }

    fn width(&self) -> Option<&'static str> {
        let default = self.field.kind.is_wide().then_some(Width::Full);
        self.field.width.or(default).map(Width::as_str)
    }

    fn control(&self) -> Markup {
        match &self.field.kind {
            FieldKind::Text { format: TextFormat::MultiLine, .. } => self.text_area(),
            FieldKind::Text { format: TextFormat::Tags, .. } => html! {
                div.df-tag-line { (self.input()) }
            },
            FieldKind::Choice { control: Some(ChoiceControl::Radio), .. } => self.group("radio"),
            FieldKind::Choices { .. } => self.group("checkbox"),
            FieldKind::Choice { options, .. } => self.select(options),
            FieldKind::Attachments { .. } => self.files(),
            // Left to right in every language, as the date itself is.
            FieldKind::Date { .. } => html! { div.df-date dir="ltr" { (self.input()) } },
            FieldKind::Text { .. } | FieldKind::Flag { .. } => self.input(),
        }
    }

    fn input(&self) -> Markup {
        let field = self.field;
        let hints = InputHints::of(field.kind.kind());
        html! {
            input.df-input type=(hints.input_type) id=(self.id()) name=(field.parameter)
                value=(self.value()) required[self.required()] minlength=[field.limits.min_length]
                inputmode=[non_empty(hints.inputmode)] enterkeyhint=[non_empty(self.enter_key_hint())]
                maxlength=(field.kind.length_limit())
                autocapitalize=[non_empty(hints.autocapitalize)]
                autocorrect=[non_empty(hints.autocorrect)] spellcheck=[non_empty(hints.spellcheck)]
                dir=[non_empty(hints.dir)] autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    fn enter_key_hint(&self) -> &'static str {
        let form = self.plain.public;
        let index = form.fields.iter().position(|field| field.parameter == self.field.parameter);
        index.map_or("", |index| plain_enter_key_hint(form, index))
    }

    fn text_area(&self) -> Markup {
        let field = self.field;
        html! {
            textarea.df-input id=(self.id()) name=(field.parameter) rows="4"
                required[self.required()] minlength=[field.limits.min_length]
                maxlength=(field.kind.length_limit()) dir="auto"
                autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()] {
                // Parsers drop the first line break after the tag (WHATWG HTML 13.1.2.5).
                "\n" (self.value())
            }
        }
    }

    fn select(&self, options: &[Choice]) -> Markup {
        let field = self.field;
        html! {
            select.df-input id=(self.id()) name=(field.parameter) required[self.required()]
                autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()] {
                option value="" { (self.plain.localizer.say(MessageKey::Choose)) }
                @for choice in options {
                    option value=(choice.value) dir="auto"
                        selected[choice.value == self.value()] { (choice.label) }
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
    fn group(&self, input_type: &str) -> Markup {
        let (name, kind) = (&self.field.parameter, &self.field.kind);
        let parts = kind.parts(self.value());
        let own = self.own_answer();
        let option = |choice: &Choice| {
            let is_chosen = parts.contains(&&*choice.value);
            (choice.value.clone(), html! { span dir="auto" { (choice.label) } }, is_chosen)
        };
        let other = kind.takes_other().then(|| {
            let label = html! { span { (self.plain.localizer.say(MessageKey::Other)) } };
            (OTHER.to_owned(), label, !own.is_empty())
        });
        let options = kind.options().iter().map(option).chain(other);
        // A browser would require every checkbox instead of one of them.
        let is_radio = input_type == "radio";
        let required = is_radio && self.required();
        html! {
            div.df-radios role=(if is_radio { "radiogroup" } else { "group" })
                aria-labelledby=(self.part("label")) aria-required=[required.then_some("true")]
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()] {
                @for (number, (value, label, checked)) in options.enumerate() {
                    label.df-option {
                        input.df-box type=(input_type) id=[(number == 0).then(|| self.id())]
                            name=(name) value=(value) checked[checked] required[required];
                        (label)
                    }
                }
                @if kind.takes_other() { (self.other_line()) }
            }
        }
    }

    /// Renders the line for an answer that is not in the list. It is sent under the name of the
    /// question. The stylesheet hides it until the visitor chooses *Other*.
    fn other_line(&self) -> Markup {
        html! {
            input.df-input.df-other type="text" name=(self.field.parameter) value=(self.own_answer())
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

    fn flag(&self, yes: FlagValue, control: Option<FlagControl>) -> Markup {
        let (field, yes) = (self.field, yes.as_str());
        let (class, role) = match control {
            Some(FlagControl::Switch) => ("df-switch", Some("switch")),
            _ => ("df-box", None),
        };
        html! {
            input class=(class) type="checkbox" role=[role] id=(self.id()) name=(field.parameter)
                value=(yes) checked[self.value() == yes] required[self.required()]
                aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    /// Renders the browser's own file input, which shows the names of the chosen files. The widget's
    /// button and text are invisible, but give the zone the widget's height.
    fn files(&self) -> Markup {
        let (field, localizer) = (self.field, self.plain.localizer);
        html! {
            div.df-zone {
                input.df-files.df-native type="file" id=(self.id()) name=(attachments::PART)
                    multiple[field.kind.count_limit() > 1] accept=(attachments::accept())
                    required[self.required()]
                    aria-describedby=[self.described_by.as_deref()] aria-invalid=[self.invalid()];
                span.df-choose { (localizer.say(MessageKey::ChooseFiles)) }
                span.df-drop { (localizer.say(MessageKey::DropFiles)) }
            }
        }
    }

    fn id(&self) -> String {
        self.plain.id(&self.field.parameter)
    }

    /// Returns the id of another element of the question.
    fn part(&self, part: &str) -> String {
        format!("{}-{part}", self.id())
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

fn described_by(id: &str, hint: bool, problem: bool) -> Option<String> {
    let ids: Vec<String> = [("hint", hint), ("problem", problem)]
        .iter()
        .filter(|(_, exists)| *exists)
        .map(|(part, _)| format!("{id}-{part}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
