//! The proxy's own pages: a form that works without scripts, and what came of it.
//!
//! Everything that a visitor or the CRM wrote goes through maud, which escapes it.

mod control;
mod draft;

use std::sync::LazyLock;

use deal_contract::definition::PublicDefinition;
use deal_contract::reply::Deal;
use maud::{DOCTYPE, Markup, html};
use sha2::{Digest, Sha256};

pub(crate) use self::draft::Draft;
use crate::forms::Form;
use crate::refusal::Refusal;

/// The address of the stylesheet. No form can have it: their names have no dot.
pub(crate) const STYLE_PATH: &str = "/forms/page.css";

/// The stylesheet.
pub(crate) const STYLE: &str = include_str!("page.css");

/// The stylesheet's address with a version, so that browsers may keep it for good.
static STYLE_ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::digest(STYLE);
    format!("{STYLE_PATH}?v={}", crate::hex(digest.get(..8).unwrap_or_default()))
});

/// The form. A fresh one becomes the widget as soon as its script has loaded; one that came back
/// with problems stays as it is, with what was typed.
pub(crate) fn form(form: &Form, draft: &Draft) -> Markup {
    let title = &form.definition.public.title;
    match draft.refusal() {
        None => {
            let address = format!("/forms/{}", form.id);
            let upgraded = html! {
                deal-form src=(address) { (plain_form(form, draft)) }
            };
            layout(title, Some("/deal-form.js"), upgraded)
        }
        Some(refusal) => {
            let title = format!("{}: {title}", heading(refusal));
            layout(&title, None, plain_form(form, draft))
        }
    }
}

/// The deal is in the CRM.
pub(crate) fn done(form: &Form, deal: &Deal) -> Markup {
    let told = [
        ("Deal", &deal.deal_id),
        ("Stage", &deal.stage),
        ("Resolution", &deal.resolution),
        ("Expected closing date", &deal.expected_closing_date),
        ("Actual closing date", &deal.actual_closing_date),
        ("Expected amount", &deal.expected_closing_amount),
        ("Actual amount", &deal.actual_closing_amount),
        ("Reference", &deal.external_reference_id),
    ];
    let thanks = form.definition.public.success_message.as_deref();
    let body = html! {
        section role="status" {
            h1 { "Your request has arrived" }
            @if let Some(thanks) = thanks { p { (thanks) } }
            dl {
                @for (name, value) in told.iter().filter(|(_, value)| !value.is_empty()) {
                    div { dt { (name) } dd { (value) } }
                }
            }
            p { a href=(format!("/forms/{}", form.id)) { "Send another request" } }
        }
    };
    layout("Your request has arrived", None, body)
}

/// What went wrong where there is no form to show again.
pub(crate) fn refused(refusal: &Refusal) -> Markup {
    let body = html! {
        section role="alert" {
            h1 { "That did not work" }
            p { (refusal) }
            @if refusal.status().as_u16() != 404 {
                p.hint { "Your browser's Back button brings you to what you had typed." }
            }
        }
    };
    layout("That did not work", None, body)
}

fn plain_form(form: &Form, draft: &Draft) -> Markup {
    let public = &form.definition.public;
    html! {
        form method="post" action=(format!("/forms/{}", form.id)) enctype="multipart/form-data" {
            h1 { (public.title) }
            @if let Some(intro) = &public.intro { p.intro { (intro) } }
            @if let Some(refusal) = draft.refusal() { (summary(form, draft, refusal)) }
            (questions(public, draft))
        }
    }
}

/// Everything that a plain form sends, and the button that sends it. A line each, for people who
/// read it.
fn questions(public: &PublicDefinition, draft: &Draft) -> Markup {
    html! {
        @if let Some(reference) = draft.reference() {
            input type="hidden" name=(deal_contract::reference::PARAMETER) value=(reference)
                autocomplete="off";
        }
        @for field in &public.fields { (control::field(field, draft)) "\n" }
        button type="submit" { (public.submit_label.as_deref().unwrap_or("Send")) }
    }
}

/// What a landing page pastes to have the form, with a plain form inside for visitors without
/// scripts. `proxy` is the proxy's address as the landing page's visitors see it.
pub fn snippet(id: &str, public: &PublicDefinition, proxy: &str) -> String {
    let proxy = proxy.trim_end_matches('/');
    let address = format!("{proxy}/forms/{id}");
    let markup = html! {
        script type="module" src={ (proxy) "/deal-form.js" } {} "\n"
        deal-form src=(address) { "\n"
            form method="post" action=(address) enctype="multipart/form-data" { "\n"
                h2 { (public.title) } "\n"
                @if let Some(intro) = &public.intro { p { (intro) } "\n" }
                (questions(public, &Draft::blank())) "\n"
            } "\n"
        } "\n"
    };
    markup.into_string()
}

/// What is certain.
fn heading(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::CrmCut(_)
        | Refusal::CrmTimeout(_)
        | Refusal::CrmFailed(_)
        | Refusal::CrmUnreadable(_) => "Not confirmed yet",
        _ => "Not sent yet",
    }
}

/// What is wrong, with a link to each question.
fn summary(form: &Form, draft: &Draft, refusal: &Refusal) -> Markup {
    let asked = |name: &str| form.definition.public.field(name).is_some();
    html! {
        div.summary role="alert" tabindex="-1" autofocus {
            h2 { (heading(refusal)) }
            @if refusal.problems().is_empty() {
                p { (refusal) }
            } @else {
                ul {
                    @for problem in refusal.problems() {
                        li {
                            @if asked(&problem.field) {
                                a href=(format!("#{}", problem.field)) { (problem.sentence()) }
                            } @else {
                                (problem.sentence())
                            }
                        }
                    }
                }
            }
            @if draft.had_files() {
                p { "Please add your files again: browsers do not let a page keep them." }
            }
        }
    }
}

fn layout(title: &str, script: Option<&str>, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
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
