//! The proxy's own pages: a form that works without scripts, and the pages after Submit.
//!
//! maud escapes all text from visitors and the CRM.

mod draft;
mod height;
mod snippet;

use data_encoding::HEXLOWER;
use std::sync::LazyLock;

use deal_contract::definition::PublicDefinition;
use deal_contract::messages::{MessageKey, PageMessageKey};
use deal_contract::reference::Reference;
use deal_contract::reply::Deal;
use deal_form_html::{Lifetime, PlainForm, TitleLevel, rich_text};
use deal_form_style::PLAIN_STYLESHEET;
use maud::{DOCTYPE, Markup, html};
use sha2::{Digest, Sha256};

pub(crate) use self::draft::Draft;
pub use self::snippet::snippet;
use crate::http::refusal::Refusal;
use crate::settings::Localizer;
use crate::settings::forms::LocalizedForm;

/// The address of the stylesheet of these pages. It cannot be the address of a form, because ids
/// contain no dot.
pub(crate) const STYLE_PATH: &str = "/forms/page.css";

/// The address of the stylesheet of plain forms in landing pages.
pub(crate) const PLAIN_STYLE_PATH: &str = "/deal-form.css";

/// The stylesheet of these pages: that of the form, and the layout of the page around it.
pub(crate) static STYLE: LazyLock<String> =
    LazyLock::new(|| format!("{PLAIN_STYLESHEET}{}", include_str!("page.css")));

/// The stylesheet's address with a hash of its content, so that browsers may cache it forever.
static STYLE_ADDRESS: LazyLock<String> =
    LazyLock::new(|| format!("{STYLE_PATH}?v={}", short_hash(&STYLE)));

/// The icon of these pages: a tick. Without a link to an icon, browsers would request `/favicon.ico`.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' \
    viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%231d4ed8'/%3E%3Cpath \
    d='M4 8.5 7 11.5 12 5.5' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E";

/// Returns the beginning of a hash of the content.
pub(crate) fn short_hash(content: &str) -> String {
    HEXLOWER.encode(Sha256::digest(content).get(..8).unwrap_or_default())
}

/// Returns the page with the form. The widget replaces a new form when its script has loaded. A form
/// that was refused stays plain and shows the typed answers and their problems.
pub(crate) fn form(form: &LocalizedForm, draft: &Draft) -> Markup {
    let (title, localizer) = (&form.public.title, &form.localizer);
    if let Some(refusal) = draft.refusal() {
        let values = [("heading", &*localizer.say(PageMessageKey::NotSent)), ("title", title)];
        let title = localizer.fill(PageMessageKey::Title, &values);
        let summary = summary(form, draft, refusal);
        let body = plain_form(form, draft, Lifetime::Permanent, Some(summary));
        return layout(localizer, &title, None, body);
    }
    let address = format!("/forms/{}", form.id);
    let body = html! {
        deal-form src=(address) lang=[form.tag.as_deref()] heading-level="1" {
            (plain_form(form, draft, Lifetime::UntilWidget, None))
        }
    };
    layout(localizer, title, Some("/deal-form.js"), body)
}

/// Returns the page after Submit if the CRM has the deal.
pub(crate) fn delivered(form: &LocalizedForm, deal: &Deal) -> Markup {
    let localizer = &form.localizer;
    let PublicDefinition { success_message: thanks, success, .. } = &form.public;
    let thanks = html! {
        @if let Some(thanks) = thanks { (rich_text::blocks(thanks, "df-thanks", localizer)) }
    };
    let details =
        success.details(deal).map(|(name, value)| (localizer.say(name), value.to_owned()));
    result(form, PageMessageKey::Arrived, &thanks, details)
}

/// Returns the page after Submit if the proxy has the submission and will deliver it.
pub(crate) fn received(form: &LocalizedForm, reference: &Reference) -> Markup {
    let say = |key| form.localizer.say(key);
    let thanks = html! { div.df-thanks { (say(MessageKey::Received)) } };
    let details = [(say(MessageKey::DealExternalReferenceId), reference.to_string())];
    result(form, PageMessageKey::Received, &thanks, details)
}

/// Returns a page with the elements of the widget's result.
fn result(
    form: &LocalizedForm,
    heading: PageMessageKey,
    thanks: &Markup,
    details: impl IntoIterator<Item = (String, String)>,
) -> Markup {
    let heading = form.localizer.say(heading);
    let body = html! {
        div.df-result role="status" {
            span.df-sign aria-hidden="true" {}
            h1.df-title { (heading) }
            (thanks)
            dl.df-deal {
                @for (name, value) in details {
                    div { dt { (name) } dd { bdi { (value) } } }
                }
            }
            (another(form))
        }
    };
    layout(&form.localizer, &heading, None, in_root(&form.localizer, &body))
}

/// Returns a link to a new form, unless visitors can submit the form only once.
fn another(form: &LocalizedForm) -> Markup {
    html! {
        @if form.public.success.another {
            a.df-button.df-quiet href=(form.address()) { (form.localizer.say(MessageKey::Another)) }
        }
    }
}

/// Returns the page for a refusal without a form to show again.
pub(crate) fn refused(refusal: &Refusal, localizer: &Localizer) -> Markup {
    let failed = localizer.say(PageMessageKey::Failed);
    let body = html! {
        div.df-failure role="alert" {
            h1.df-heading { (failed) }
            p.df-message dir="auto" { (refusal.sentence_in(localizer)) }
            @if refusal.status().as_u16() != 404 {
                p.df-advice { (localizer.say(PageMessageKey::GoBack)) }
            }
        }
    };
    layout(localizer, &failed, None, in_root(localizer, &body))
}

/// Puts the content into the element to which the stylesheet of the form applies.
fn in_root(localizer: &Localizer, content: &Markup) -> Markup {
    html! { div.df lang=(localizer.lang()) dir=(localizer.direction()) { (content) } }
}

fn plain_form(
    form: &LocalizedForm,
    draft: &Draft,
    lifetime: Lifetime,
    summary: Option<Markup>,
) -> Markup {
    let LocalizedForm { public, localizer, .. } = form;
    let (answers, title) = (&draft.answers(), TitleLevel::One);
    let plain = PlainForm { public, localizer, answers, prefix: "", title, lifetime };
    // Do not post to the page's own address: a browser removes a page from its cache when it posts to
    // that address (RFC 9111 4.4). *Back* would then load a new draft, and sending it would create a
    // second deal.
    let address = form.address();
    let action = format!("{address}{}sent", if address.contains('?') { '&' } else { '?' });
    plain.form(&action, summary)
}

/// Returns the summary of the refusal: its problems, with links to their questions, or its sentence.
fn summary(form: &LocalizedForm, draft: &Draft, refusal: &Refusal) -> Markup {
    let (public, localizer) = (&form.public, &form.localizer);
    html! {
        // Not an alert: it takes the focus, so a screen reader would announce it twice.
        div.df-summary role="group" aria-labelledby="df-summary" tabindex="-1" autofocus {
            h2.df-heading id="df-summary" { (localizer.say(PageMessageKey::NotSent)) }
            @if refusal.problems().is_empty() {
                p.df-message dir="auto" { (refusal.sentence_in(localizer)) }
            } @else {
                ul.df-problems {
                    @for problem in refusal.problems() {
                        li {
                            @if public.field(&problem.field).is_some() {
                                a href=(format!("#{}", problem.field)) { (problem.sentence_in(localizer)) }
                            } @else {
                                (problem.sentence_in(localizer))
                            }
                        }
                    }
                }
            }
            @if draft.had_files() {
                p { (localizer.say(PageMessageKey::AddFilesAgain)) }
            }
        }
    }
}

fn layout(localizer: &Localizer, title: &str, script: Option<&str>, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(localizer.lang()) dir=[localizer.dir()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href=(ICON);
                link rel="stylesheet" href=(*STYLE_ADDRESS);
                @if let Some(script) = script { script type="module" src=(script) {} }
            }
            body { main { (body) } }
        }
    }
}
