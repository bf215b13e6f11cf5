//! The card that shows a deal.

use jiff::Timestamp;
use maud::{Markup, html};

use crate::records::{Attachment, Deal, DealDetails};

pub(super) fn card(whole: &DealDetails) -> Markup {
    let DealDetails { deal, contact, company, attachments } = whole;
    let id = deal.deal_id.0;
    let contact_line = contact.as_ref().map(|contact| {
        join_lines([contact.name.as_deref(), contact.email.as_deref(), contact.phone.as_deref()])
    });
    let company_line = company.as_ref().map(|company| {
        join_lines([company.name.as_deref(), company.email.as_deref(), company.phone.as_deref()])
    });
    let reason = join_lines([
        deal.reason_name.as_deref(),
        deal.won_reasons.as_deref(),
        deal.lost_reason.as_deref(),
    ]);
    let facts = [
        ("Contact", contact_line),
        ("Address", contact.as_ref().map(|contact| address_lines(&contact.address))),
        ("Networks", contact.as_ref().map(|contact| network_lines(&contact.socials))),
        ("Source", contact.as_ref().and_then(|contact| contact.source.clone())),
        ("Company", company_line),
        ("Funnel", Some(deal.funnel.clone())),
        ("Type", deal.deal_type.clone()),
        ("Score", deal.deal_score.clone()),
        ("Reason", Some(reason)),
        (
            "Expected",
            Some(closing(
                deal.expected_closing_amount.as_ref(),
                deal.expected_closing_date.as_ref(),
            )),
        ),
        (
            "Closed",
            Some(closing(deal.actual_closing_amount.as_ref(), deal.actual_closing_date.as_ref())),
        ),
        ("Owner", deal.owner_email.clone()),
        ("Reference", deal.external_reference_id.clone()),
    ];
    html! {
        article id={ "deal-" (id) } aria-labelledby={ "deal-" (id) "-name" } {
            header {
                h3 id={ "deal-" (id) "-name" } { (deal.name.as_deref().unwrap_or("(no name)")) }
                p.badges {
                    span.badge { (deal.stage) }
                    span class={ "badge " (deal.resolution.name()) } { (deal.resolution.name()) }
                }
            }
            p.meta {
                "Deal " (id) " · added " (time(deal.created))
                @if deal.updates > 0 {
                    " · updated " (times(deal.updates)) ", last " (time(deal.updated))
                }
            }
            dl.facts {
                @for (term, value) in facts {
                    @if let Some(value) = value.filter(|value| !value.is_empty()) {
                        div { dt { (term) } dd { (value) } }
                    }
                }
                @for (name, value) in &deal.custom_fields {
                    div { dt { code { (name) } } dd { (value) } }
                }
            }
            @if !deal.tags.is_empty() {
                ul.tags aria-label="Tags" { @for tag in &deal.tags { li { (tag) } } }
            }
            @for note in &deal.notes {
                div.note {
                    @if let Some(title) = &note.title { p.title { (title) } }
                    @if let Some(text) = &note.text { p { (text) } }
                }
            }
            @if !attachments.is_empty() { (files(attachments)) }
            (emails(deal))
            (parameters(deal))
        }
    }
}

fn files(attachments: &[Attachment]) -> Markup {
    html! {
        h4 { "Files" }
        ul.files {
            @for file in attachments {
                li {
                    a href=(file.url) { (file.name) }
                    span.size { (size(file.size)) }
                }
            }
        }
    }
}

fn emails(deal: &Deal) -> Markup {
    html! {
        @if !deal.emails.is_empty() {
            details id={ "emails-" (deal.deal_id.0) } {
                summary id={ "emails-of-" (deal.deal_id.0) } {
                    "Emails that the CRM would have sent (" (deal.emails.len()) ")"
                }
                @for email in &deal.emails {
                    div.email {
                        p { "To " strong { (email.to) } " · " (time(email.at)) }
                        p { (email.subject) }
                        p.body { (email.body) }
                    }
                }
            }
        }
    }
}

fn parameters(deal: &Deal) -> Markup {
    html! {
        @if !deal.parameters.is_empty() { details id={ "parameters-" (deal.deal_id.0) } {
            summary id={ "parameters-of-" (deal.deal_id.0) } {
                "All parameters (" (deal.parameters.len()) ")"
            }
            table {
                thead { tr { th scope="col" { "Parameter" } th scope="col" { "Value" } } }
                tbody {
                    @for (name, value) in &deal.parameters {
                        tr { th scope="row" { code { (name) } } td { (value) } }
                    }
                }
            }
        } }
    }
}

pub(super) fn time(at: Timestamp) -> Markup {
    html! {
        time datetime=(at) { (at.strftime("%-d %b %Y, %H:%M:%S UTC")) }
    }
}

fn times(number: u32) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{number} times"),
    }
}

fn closing(amount: Option<&String>, date: Option<&String>) -> String {
    match (amount, date) {
        (Some(amount), Some(date)) => format!("{amount} on {date}"),
        (amount, date) => amount.or(date).cloned().unwrap_or_default(),
    }
}

fn join_lines<const N: usize>(parts: [Option<&str>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

type Texts = std::collections::BTreeMap<String, String>;

/// Returns the lines of a postal address: street, zip code and city.
fn address_lines(address: &Texts) -> String {
    join_lines(["street", "zipcode", "city"].map(|part| address.get(part).map(String::as_str)))
}

fn network_lines(socials: &Texts) -> String {
    socials.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
}

/// Formats a size in decimal units, because the 100 MB limit is decimal too.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
