//! The page that shows the deals, newest first, the faults and the last calls.
//!
//! Maud escapes every value; only the doctype is `PreEscaped`.

mod controls;
mod deals;

use maud::{DOCTYPE, Markup, html};

pub(crate) use self::controls::FaultButton;
use crate::app::App;
use crate::options::{DEFAULT_KEY, Key};
use crate::records::DealDetails;

/// The maximum number of deals on the page. It keeps the page usable with thousands of deals.
/// `/deals.json` lists all of them.
const MAX_DEALS: usize = 100;

pub(crate) fn render(app: &App, revision: u64, deals: &[DealDetails]) -> Markup {
    let count = deals.len();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { @if count > 0 { "(" (count) ") " } "Sandbox CRM" }
                link rel="icon" href="/icon.svg";
                link rel="stylesheet" href="/sandbox.css";
                script type="module" src="/sandbox.js" {}
                noscript { meta http-equiv="refresh" content="5"; }
            }
            body {
                header.top {
                    h1 { "Sandbox CRM" }
                    p { "It replaces the CRM in development. Calls go to " code { (api_url(app)) } }
                    p.offline { "The sandbox has stopped. This page shows its last state." }
                }
                p.hidden role="status" {}
                main data-revision=(revision) {
                    section.deals aria-labelledby="deals" {
                        h2 #deals { "Deals" @if count > 0 { " " span.count { (count) } } }
                        @if deals.is_empty() { (empty_state(app)) }
                        @for deal in deals.iter().take(MAX_DEALS) { (deals::card(deal)) }
                        @if count > MAX_DEALS {
                            p.more {
                                "Only the newest " (MAX_DEALS) " deals are shown. "
                                a href="/deals.json" { "All deals as JSON" }
                            }
                        }
                    }
                    (controls::render(app))
                }
            }
        }
    }
}

fn api_url(app: &App) -> String {
    format!("{}site/api/crm_add_deal", app.url)
}

fn empty_state(app: &App) -> Markup {
    // Do not show a key that the user has chosen.
    let key = if app.key == Key::new(DEFAULT_KEY) { DEFAULT_KEY } else { "YOUR_KEY" };
    html! {
        div.empty {
            p.lead { "No deals yet." }
            ol.todo {
                li { "Open a page with the form. " code { "cargo xtask serve" } " prints its address." }
                li { "Fill in the form and send it." }
                li { "The deal appears here, without a reload." }
            }
            p { "Or send a deal from the command line:" }
            pre tabindex="0" aria-label="Command" {
                code {
                    "curl " (api_url(app)) " \\\n  -F key=" (key) " \\\n  -F name='Selling Product' \\\n"
                    "  -F contact_email=mike@example.com \\\n  -F 'attachments[]=@offer.pdf'"
                }
            }
        }
    }
}
