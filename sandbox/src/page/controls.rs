//! The sidebar of the page: current faults, buttons to set them, and the last calls.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use super::deals::time;
use crate::app::App;
use crate::calls::{Call, CallResponse, Outcome};
use crate::faults::{Delays, Fault, FaultKind, Times, When};

const CALLS_SHOWN: usize = 8;

/// A fault that a button sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultButton {
    Slow,
    Refuse,
    DropBefore,
    DropAfter,
    Status500,
    Status503,
    Html,
    Clear,
}

/// The value and the label of each button.
const BUTTONS: [(&str, &str); 7] = [
    ("slow", "Respond after 5\u{a0}s"),
    ("refuse", "Refuse"),
    ("drop_before", "Close before storing"),
    ("drop_after", "Close after storing"),
    ("status500", "Status 500"),
    ("status503", "Status 503"),
    ("html", "HTML instead of JSON"),
];

impl FaultButton {
    /// Returns the fault that the button sets. `None` clears all faults.
    pub(crate) fn fault(self, times: Times) -> Option<Fault> {
        let (kind, when) = match self {
            Self::Clear => return None,
            Self::Slow => (FaultKind::Delay, When::default()),
            Self::Refuse => {
                let error_message = "The CRM refuses this deal.".to_owned();
                (FaultKind::Refuse { error_message }, When::BeforeStoring)
            }
            Self::DropBefore => (FaultKind::Drop, When::BeforeStoring),
            Self::DropAfter => (FaultKind::Drop, When::AfterStoring),
            Self::Status500 => {
                let code = StatusCode::INTERNAL_SERVER_ERROR;
                (FaultKind::Status { code, retry_after: None }, When::BeforeStoring)
            }
            Self::Status503 => {
                let code = StatusCode::SERVICE_UNAVAILABLE;
                (FaultKind::Status { code, retry_after: Some(5) }, When::BeforeStoring)
            }
            Self::Html => (FaultKind::Html, When::BeforeStoring),
        };
        let responding =
            if kind == FaultKind::Delay { Duration::from_secs(5) } else { Duration::ZERO };
        Some(Fault { kind, when, times, delays: Delays { responding, ..Delays::default() } })
    }
}

pub(super) fn render(app: &App) -> Markup {
    let faults = app.faults.list();
    let calls = app.calls.list();
    html! {
        aside {
            section aria-labelledby="faults" {
                h2 #faults { "Faults" }
                @if faults.is_empty() {
                    p { "None. The CRM serves the next call normally." }
                } @else {
                    ol.faults { @for fault in &faults { li { (describe(fault)) } } }
                }
                form method="post" action="/faults" {
                    p.meta { "A button makes the next call fail." }
                    label {
                        input #until-cleared type="checkbox" name="until_cleared" value="yes";
                        " For all calls, until cleared"
                    }
                    div.buttons {
                        @for (value, label) in BUTTONS {
                            button id={ "fault-" (value) } name="fault" value=(value) { (label) }
                        }
                    }
                    @if !faults.is_empty() {
                        button #fault-clear .primary name="fault" value="clear" { "Clear faults" }
                    }
                }
            }
            section aria-labelledby="calls" {
                h2 #calls { "Last calls" }
                @if calls.is_empty() {
                    p { "None since the start." }
                } @else {
                    ol.calls {
                        @for call in calls.iter().rev().take(CALLS_SHOWN) { (call_entry(call)) }
                    }
                }
            }
            section aria-labelledby="json" {
                h2 #json { "For tests" }
                p.links {
                    a href="/deals.json" { "/deals.json" } " "
                    a href="/requests.json" { "/requests.json" } " "
                    a href="/faults" { "/faults" }
                }
            }
        }
    }
}

fn describe(fault: &Fault) -> String {
    let what = match &fault.kind {
        FaultKind::Delay => "no error".to_owned(),
        FaultKind::Refuse { error_message } => format!("refusal “{error_message}”"),
        FaultKind::Drop => "closed connection".to_owned(),
        FaultKind::Status { code, .. } => format!("status {}", code.as_u16()),
        FaultKind::Html => "HTML page".to_owned(),
        FaultKind::Success { .. } => "success with the IDs of the fault".to_owned(),
    };
    let when = match (&fault.kind, fault.when) {
        (FaultKind::Delay, _) => "",
        (_, When::BeforeReading) => " before reading",
        (_, When::BeforeStoring) => " before storing",
        (_, When::AfterStoring) => " after storing",
    };
    let delay = fault.delays.reading + fault.delays.storing + fault.delays.responding;
    let delay =
        if delay.is_zero() { String::new() } else { format!(", {} ms delay", delay.as_millis()) };
    let calls = match fault.times {
        Times::UntilCleared => "Every call".to_owned(),
        Times::Remaining(NonZeroU32::MIN) => "Next call".to_owned(),
        Times::Remaining(times) => format!("Next {times} calls"),
    };
    format!("{calls}: {what}{when}{delay}.")
}

fn call_entry(call: &Call) -> Markup {
    let (class, outcome) = match call.outcome {
        Outcome::Pending => ("pending", "being served"),
        Outcome::Added => ("good", "added"),
        Outcome::Updated => ("good", "updated"),
        Outcome::Refused => ("bad", "refused"),
        Outcome::NotStored => ("bad", "not stored"),
    };
    let note = match call.response {
        CallResponse::Pending | CallResponse::Json => None,
        CallResponse::Html => Some("HTML page".to_owned()),
        CallResponse::Status(code) => Some(format!("status {code}")),
        CallResponse::Dropped => Some("connection closed".to_owned()),
        CallResponse::Disconnected => Some("the client disconnected".to_owned()),
    };
    html! {
        li {
            p {
                span class={ "dot " (class) } {} (call.method) " · " (outcome)
                @if let Some(deal) = call.deal_id {
                    " " a href={ "#deal-" (deal.0) } { "deal " (deal.0) }
                }
                @if let Some(note) = note { ", " (note) }
            }
            @if let Some(message) = &call.error_message { p.message { (message) } }
            @if let Some(other) = call.overlaps {
                p.message { "At the same time as call " (other) " for this reference" }
            }
            @if !call.ignored.is_empty() {
                p.message { "Ignored: " (call.ignored.join(", ")) }
            }
            p.meta { (time(call.at)) }
        }
    }
}
