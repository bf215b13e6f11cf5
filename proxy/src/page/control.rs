//! One question of the plain form: label, help, control, problem.

use deal_contract::attachments;
use deal_contract::definition::{Field, FieldKind};
use maud::{Markup, html};

use super::Draft;

/// The whole question. Its control has the parameter as id, so that a problem can link to it.
pub(super) fn field(field: &Field, draft: &Draft) -> Markup {
    let problems = draft.problems(&field.parameter);
    let hint = hint(field);
    let described = described_by(field, hint.is_some(), !problems.is_empty());
    let frame = Frame { field, described, wrong: !problems.is_empty(), draft };
    let flag = field.kind == FieldKind::Flag;
    html! {
        div.field.flag[flag].wrong[frame.wrong] {
            @if flag { (frame.flag()) }
            label for=(field.parameter) {
                (field.label)
                @if !field.required && !flag { span.optional { " (optional)" } }
            }
            @if let Some(hint) = &hint {
                p.hint id=(format!("{}-hint", field.parameter)) { (hint) }
            }
            @for (number, problem) in problems.iter().enumerate() {
                p.problem id=[(number == 0).then(|| format!("{}-problem", field.parameter))] {
                    (problem.sentence())
                }
            }
            @if !flag { (frame.control()) }
        }
    }
}

/// A control with all that it needs to know.
struct Frame<'a> {
    field: &'a Field,
    described: Option<String>,
    wrong: bool,
    draft: &'a Draft,
}

impl Frame<'_> {
    fn control(&self) -> Markup {
        match self.field.kind {
            FieldKind::LongText => self.text_area(),
            FieldKind::Choice => self.choice(),
            FieldKind::Attachments => self.files(),
            FieldKind::Date => self.input("date", None),
            FieldKind::Email => self.input("email", None),
            FieldKind::Phone => self.input("tel", None),
            FieldKind::Amount => self.input("text", Some("decimal")),
            FieldKind::Id => self.input("text", Some("numeric")),
            FieldKind::Text | FieldKind::Handle | FieldKind::Tags | FieldKind::Flag => {
                self.input("text", None)
            }
        }
    }

    fn input(&self, kind: &str, mode: Option<&str>) -> Markup {
        let field = self.field;
        html! {
            input type=(kind) id=(field.parameter) name=(field.parameter)
                value=(self.value()) required[field.required] inputmode=[mode]
                maxlength=[(kind != "date").then(|| field.length_limit())]
                autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    fn text_area(&self) -> Markup {
        let field = self.field;
        html! {
            textarea id=(field.parameter) name=(field.parameter) rows="5"
                required[field.required] maxlength=(field.length_limit())
                autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described.as_deref()] aria-invalid=[self.invalid()] {
                // A parser drops one line break right after the tag (WHATWG HTML 13.1.2.5).
                "\n" (self.value())
            }
        }
    }

    fn choice(&self) -> Markup {
        let field = self.field;
        html! {
            select id=(field.parameter) name=(field.parameter) required[field.required]
                autocomplete=[field.autocomplete.as_deref()]
                aria-describedby=[self.described.as_deref()] aria-invalid=[self.invalid()] {
                option value="" { "Choose …" }
                @for choice in &field.options {
                    option value=(choice.value) selected[choice.value == self.value()] {
                        (choice.label)
                    }
                }
            }
        }
    }

    fn flag(&self) -> Markup {
        let (field, yes) = (self.field, self.field.yes().as_str());
        html! {
            input type="checkbox" id=(field.parameter) name=(field.parameter) value=(yes)
                checked[self.value() == yes] required[field.required]
                aria-describedby=[self.described.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    fn files(&self) -> Markup {
        let field = self.field;
        html! {
            input type="file" id=(field.parameter) name=(attachments::PART)
                multiple[field.count_limit() > 1] accept=(attachments::accept())
                required[field.required]
                aria-describedby=[self.described.as_deref()] aria-invalid=[self.invalid()];
        }
    }

    fn value(&self) -> &str {
        self.draft.value(&self.field.parameter)
    }

    fn invalid(&self) -> Option<&'static str> {
        self.wrong.then_some("true")
    }
}

/// The author's help, and for files what the CRM takes.
fn hint(field: &Field) -> Option<String> {
    if field.kind != FieldKind::Attachments {
        return field.hint.clone();
    }
    let total = attachments::size_text(field.total_limit());
    let limits = format!("{}. Together under {total}.", attachments::KINDS);
    Some(match &field.hint {
        Some(hint) => format!("{hint} {limits}"),
        None => limits,
    })
}

fn described_by(field: &Field, hint: bool, problem: bool) -> Option<String> {
    let ids: Vec<String> = [("hint", hint), ("problem", problem)]
        .iter()
        .filter(|(_, there)| *there)
        .map(|(part, _)| format!("{}-{part}", field.parameter))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
