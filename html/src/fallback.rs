use deal_contract::definition::PublicDefinition;
use deal_contract::messages::without_register;
use deal_contract::values::CalendarDate;
use maud::{Markup, html};

use crate::{Answers, Localizer, PlainForm, TitleLevel, rich_text};

/// Returns the plain form for a landing page. The widget later replaces this form. The form is
/// posted to `address`. `today` is the day in UTC. All element ids begin with `prefix`.
///
/// The plain form sends no hidden values, because static HTML would send the same values for every
/// visit; the widget adds them. If the form needs a proof, only a link to the form's own page is
/// rendered: each visit needs a new token or puzzle, which only the proxy can issue.
pub fn fallback(
    public: &PublicDefinition,
    address: &str,
    prefix: &str,
    today: CalendarDate,
) -> Markup {
    let (localizer, values) = (&Localizer::of(public), public.plain_defaults());
    let answers = &Answers { values, ..Answers::default() };
    let lang = public.lang.as_deref().map(without_register);
    let title = TitleLevel::Two;
    let plain = PlainForm { public, localizer, answers, today, prefix, title };
    html! {
        @if public.proof.is_none() {
            form method="post" action=(address) enctype="multipart/form-data"
                accept-charset="utf-8" lang=[lang] dir=[localizer.dir()] { "\n"
                h2 { (public.title) } "\n"
                @if let Some(intro) = &public.intro { (rich_text::blocks(intro, "intro", localizer)) "\n" }
                (plain.questions()) "\n"
            }
        } @else {
            p lang=[lang] dir=[localizer.dir()] { a href=(address) { (public.title) } }
        }
    }
}
