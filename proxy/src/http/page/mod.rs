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
use deal_form_html::{PlainForm, TitleLevel, rich_text};
use maud::{DOCTYPE, Markup, html};
use sha2::{Digest, Sha256};

pub(crate) use self::draft::Draft;
pub use self::snippet::snippet;
use crate::http::refusal::Refusal;
use crate::settings::forms::LocalizedForm;
use crate::settings::{Localizer, clock};

/// The address of the stylesheet. It cannot be the address of a form, because ids contain no dot.
pub(crate) const STYLE_PATH: &str = "/forms/page.css";

/// The stylesheet.
pub(crate) const STYLE: &str = include_str!("page.css");

/// The stylesheet's address with a hash of its content, so that browsers may cache it forever.
static STYLE_ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::digest(STYLE);
    format!("{STYLE_PATH}?v={}", HEXLOWER.encode(digest.get(..8).unwrap_or_default()))
});

/// Returns the page with the form. The widget replaces a new form when its script has loaded. A form
/// that was refused stays plain and shows the typed answers and their problems.
pub(crate) fn form(form: &LocalizedForm, draft: &Draft) -> Markup {
    let (title, localizer) = (&form.public.title, &form.localizer);
    if draft.refusal().is_some() {
        let values = [("heading", &*localizer.say(PageMessageKey::NotSent)), ("title", title)];
        let title = localizer.fill(PageMessageKey::Title, &values);
        let body = html! { h1 { (form.public.title) } (form_element(form, draft)) };
        return layout(localizer, &title, None, body);
    }
    let address = format!("/forms/{}", form.id);
    let body = html! {
        h1 { (title) }
        deal-form src=(address) lang=[form.tag.as_deref()] { (form_element(form, draft)) }
    };
    layout(localizer, title, Some("/deal-form.js"), body)
}

/// Returns the page after Submit if the CRM has the deal.
pub(crate) fn delivered(form: &LocalizedForm, deal: &Deal) -> Markup {
    let localizer = &form.localizer;
    let arrived = localizer.say(PageMessageKey::Arrived);
    let PublicDefinition { success_message: thanks, success, .. } = &form.public;
    let body = html! {
        section role="status" {
            h1 { (arrived) }
            @if let Some(thanks) = thanks { (rich_text::blocks(thanks, "thanks", localizer)) }
            dl {
                @for (name, value) in success.details(deal) {
                    div { dt { (localizer.say(name)) } dd { (value) } }
                }
            }
            (another(form))
        }
    };
    layout(localizer, &arrived, None, body)
}

/// Returns the page after Submit if the proxy has the submission and will deliver it.
pub(crate) fn received(form: &LocalizedForm, reference: &Reference) -> Markup {
    let localizer = &form.localizer;
    let received = localizer.say(PageMessageKey::Received);
    let body = html! {
        section role="status" {
            h1 { (received) }
            p { (localizer.say(MessageKey::Received)) }
            dl {
                div {
                    dt { (localizer.say(MessageKey::DealExternalReferenceId)) }
                    dd { (reference.as_str()) }
                }
            }
            (another(form))
        }
    };
    layout(localizer, &received, None, body)
}

/// Returns a link to a new form, unless visitors can submit the form only once.
fn another(form: &LocalizedForm) -> Markup {
    html! {
        @if form.public.success.another {
            p { a href=(form.address()) { (form.localizer.say(MessageKey::Another)) } }
        }
    }
}

/// Returns the page for a refusal without a form to show again.
pub(crate) fn refused(refusal: &Refusal, localizer: &Localizer) -> Markup {
    let failed = localizer.say(PageMessageKey::Failed);
    let body = html! {
        section role="alert" {
            h1 { (failed) }
            p { (refusal.sentence_in(localizer)) }
            @if refusal.status().as_u16() != 404 {
                p.hint { (localizer.say(PageMessageKey::GoBack)) }
            }
        }
    };
    layout(localizer, &failed, None, body)
}

fn form_element(form: &LocalizedForm, draft: &Draft) -> Markup {
    let public = &form.public;
    let (answers, today) = (&draft.answers(), clock::utc_day());
    let localizer = &form.localizer;
    let plain = PlainForm { public, localizer, answers, today, prefix: "", title: TitleLevel::One };
    // Do not post to the page's own address: a browser removes a page from its cache when it posts to
    // that address (RFC 9111 4.4). *Back* would then load a new draft, and sending it would create a
    // second deal.
    let address = form.address();
    let action = format!("{address}{}sent", if address.contains('?') { '&' } else { '?' });
    html! {
        form method="post" action=(action) enctype="multipart/form-data" {
            @if let Some(intro) = &public.intro { (rich_text::blocks(intro, "intro", &form.localizer)) }
            @if let Some(refusal) = draft.refusal() { (summary(form, draft, refusal)) }
            (plain.questions())
        }
    }
}

/// Returns the summary of the refusal: its problems, with links to their questions, or its sentence.
fn summary(form: &LocalizedForm, draft: &Draft, refusal: &Refusal) -> Markup {
    let (public, localizer) = (&form.public, &form.localizer);
    html! {
        div.summary role="alert" tabindex="-1" autofocus {
            h2 { (localizer.say(PageMessageKey::NotSent)) }
            @if refusal.problems().is_empty() {
                p { (refusal.sentence_in(localizer)) }
            } @else {
                ul {
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
                link rel="stylesheet" href=(*STYLE_ADDRESS);
                @if let Some(script) = script { script type="module" src=(script) {} }
            }
            body { main { (body) } }
        }
    }
}
