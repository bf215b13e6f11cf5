//! Renders the hint of a question: its conditions, the author's hint, and the format of the answer.

use deal_contract::definition::Field;
use deal_contract::kind::{Kind, TextFormat};
use deal_contract::messages::{MessageKey, PageMessageKey};
use deal_contract::problem::Language;
use maud::{Markup, html};

use crate::{Lifetime, PlainForm, rich_text};

/// Renders each sentence of the hint. Returns `None` if there is none.
pub(crate) fn sentences(plain: &PlainForm<'_>, field: &Field) -> Option<Markup> {
    let localizer = plain.localizer;
    // The widget evaluates conditions. If it replaces the plain form, the stylesheet hides the sentences
    // about them while scripts are available, so that nothing moves.
    let class = (plain.lifetime == Lifetime::UntilWidget).then_some("df-no-scripts");
    let condition = |text: String| html! { span class=[class] { (text) } };
    let parts = [
        field.show_when.as_ref().map(|when| condition(plain.only_if(when))),
        field.required_when.as_ref().map(|when| condition(plain.required_if(when))),
        field.hint.as_ref().map(|hint| {
            html! {
                span dir="auto" { (rich_text::line(hint, localizer)) }
            }
        }),
        format(plain, field),
    ];
    let parts: Vec<Markup> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| {
        html! {
            // Without the stylesheet, the sentences are in one line.
            @for (number, part) in parts.iter().enumerate() { @if number > 0 { " " } (part) }
        }
    })
}

/// Renders the format of the answer, for the same kinds of questions as the widget.
fn format(plain: &PlainForm<'_>, field: &Field) -> Option<Markup> {
    let localizer = plain.localizer;
    let text = match field.kind.kind() {
        Kind::Attachments => return Some(files(plain, field)),
        Kind::Date => localizer.date_example(),
        // Without scripts, Enter sends the form, so the text differs from the widget's.
        Kind::Text(TextFormat::Tags) => localizer.say(PageMessageKey::TagsHint),
        Kind::Text(TextFormat::Phone) if field.hint.is_none() => {
            localizer.say(MessageKey::PhoneHint)
        }
        _ => return None,
    };
    Some(html! { span { (text) } })
}

/// Renders the allowed kinds and sizes of files. Only the widget can convert other pictures. The
/// attribute `hidden` hides this sentence; the stylesheet shows it if scripts are available.
fn files(plain: &PlainForm<'_>, field: &Field) -> Markup {
    let localizer = plain.localizer;
    html! {
        span {
            (localizer.files_hint(field.kind.count_limit(), field.kind.total_limit()))
            @if plain.lifetime == Lifetime::UntilWidget {
                span.df-scripts hidden { ". " (localizer.say(MessageKey::PicturesHint)) }
            }
        }
    }
}
