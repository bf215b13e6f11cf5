//! The page for people: the deals, newest first; what goes wrong on demand; the last calls.
//!
//! Every value goes through maud's escaping; nothing here uses `PreEscaped` but the doctype.

mod controls;
mod deals;

use maud::{DOCTYPE, Markup, html};

pub(crate) use self::controls::Preset;
use crate::app::App;
use crate::options::{DEFAULT_KEY, Key};
use crate::records::WholeDeal;

/// So that a sandbox with thousands of deals still has a page. `/deals.json` has them all.
const SHOWN: usize = 100;

pub(crate) fn render(app: &App, revision: u64, deals: &[WholeDeal]) -> Markup {
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
                    p { "A stand-in for development. Calls go to " code { (api_url(app)) } }
                    p.offline { "The sandbox has stopped. This page shows what it last knew." }
                }
                p.hidden role="status" {}
                main data-revision=(revision) {
                    section.deals aria-labelledby="deals" {
                        h2 #deals { "Deals" @if count > 0 { " " span.count { (count) } } }
                        @if deals.is_empty() { (empty(app)) }
                        @for deal in deals.iter().take(SHOWN) { (deals::card(deal)) }
                        @if count > SHOWN {
                            p.more {
                                "These are the newest " (SHOWN) ". "
                                a href="/deals.json" { "All of them as JSON" }
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

fn empty(app: &App) -> Markup {
    // A key that somebody chose is theirs to know.
    let key = if app.key == Key::new(DEFAULT_KEY) { DEFAULT_KEY } else { "YOUR_KEY" };
    html! {
        div.empty {
            p.lead { "No deals yet." }
            p { "Send the form, and its deal shows up here by itself. Or send one by hand:" }
            pre tabindex="0" aria-label="Command" {
                code {
                    "curl " (api_url(app)) " \\\n  -F key=" (key) " \\\n  -F name='Selling Product' \\\n"
                    "  -F contact_email=mike@example.com \\\n  -F 'attachments[]=@offer.pdf'"
                }
            }
        }
    }
}
