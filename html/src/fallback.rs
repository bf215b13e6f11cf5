use deal_contract::definition::PublicDefinition;
use maud::{Markup, html};

use crate::plain_form::{Lifetime, PlainForm, TitleLevel};
use crate::{Answers, Localizer};

/// Returns the plain form for a landing page. The widget later replaces this form. The form is
/// posted to `address`. All element ids begin with `prefix`.
///
/// The plain form sends no hidden values, because static HTML would send the same values for every
/// visit; the widget adds them. If the form needs a proof, only a link to the form's own page is
/// rendered: each visit needs a new token or puzzle, which only the proxy can issue.
pub fn fallback(public: &PublicDefinition, address: &str, prefix: &str) -> Markup {
    let (localizer, values) = (&Localizer::of(public), public.plain_defaults());
    if !public.proof.is_none() {
        return html! {
            div.df lang=(localizer.lang()) dir=(localizer.direction()) {
                p { a.df-link href=(address) { (public.title) } }
            }
        };
    }
    let answers = &Answers { values, ..Answers::default() };
    let (title, lifetime) = (TitleLevel::Two, Lifetime::UntilWidget);
    PlainForm { public, localizer, answers, prefix, title, lifetime }.form(address, None)
}
