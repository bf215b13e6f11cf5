//! Bringing the page in line with where the submission stands.

use deal_contract::attachments::size_text;
use deal_contract::definition::PublicDefinition;
use deal_contract::reply::Deal;
use deal_contract::template::fill;
use web_sys::Document;

use super::elements::{Elements, submit_label};
use crate::controls::{append, make, set};
use crate::locale::{DealWords, ENGLISH};
use crate::submission::{Phase, Progress};
use crate::transport::failure::Failure;

/// Shows what belongs to the phase and hides the rest; what appears takes the focus.
pub(super) fn phase(
    document: &Document,
    elements: &Elements,
    definition: &PublicDefinition,
    phase: &Phase,
) {
    let sending = phase.is_sending();
    let arrived = matches!(phase, Phase::Arrived(_));
    set(&elements.form, "hidden", if arrived { "hidden" } else { "" });
    set(&elements.submit, "hidden", if sending { "hidden" } else { "" });
    set(&elements.fields, "inert", if sending { "inert" } else { "" });
    match phase {
        Phase::Editing => {
            let label = submit_label(definition);
            elements.submit.set_text_content(Some(label));
        }
        Phase::Sending(so_far) => progress(elements, *so_far),
        Phase::Failed(reason) => failure(elements, reason),
        Phase::Arrived(reply) => deal(document, elements, reply),
    }
    for (panel, shown) in [
        (&elements.progress, sending),
        (&elements.failure, matches!(phase, Phase::Failed(_))),
        (&elements.result, arrived),
    ] {
        if panel.show(shown) {
            panel.focus();
        }
    }
}

fn progress(elements: &Elements, progress: Progress) {
    let (share, text) = match progress {
        Progress::Upload { sent, total } if total > 0 => (
            (sent.saturating_mul(1000) / total).to_string(),
            fill(ENGLISH.sent_of, &[("sent", &size_text(sent)), ("total", &size_text(total))]),
        ),
        // Without a value the bar shows that something happens, not how much.
        Progress::Upload { .. } => (String::new(), String::new()),
        Progress::HandingOver => (String::new(), ENGLISH.handing_over.to_owned()),
    };
    set(&elements.progress_bar, "value", &share);
    let stage = match progress {
        Progress::Upload { .. } => ENGLISH.sending,
        Progress::HandingOver => ENGLISH.handing_over,
    };
    if elements.stage.text_content().as_deref() != Some(stage) {
        elements.stage.set_text_content(Some(stage));
    }
    elements.progress_text.set_text_content(Some(&text));
}

/// What happened, what the CRM or the proxy said of it as plain text, and what to do.
fn failure(elements: &Elements, failure: &Failure) {
    let advice = failure.advice(&ENGLISH.failure);
    elements.failure_heading.set_text_content(Some(advice.heading));
    elements.failure_said.set_text_content(Some(failure.said()));
    elements.failure_advice.set_text_content(Some(advice.advice));
    elements.submit.set_text_content(Some(ENGLISH.retry));
}

/// A line for each thing that the CRM told.
fn deal(document: &Document, elements: &Elements, deal: &Deal) {
    let list = &elements.deal;
    list.set_text_content(None);
    let words: &DealWords = &ENGLISH.deal;
    for (label, value) in [
        (words.deal_id, &deal.deal_id),
        (words.stage, &deal.stage),
        (words.resolution, &deal.resolution),
        (words.expected_closing_date, &deal.expected_closing_date),
        (words.actual_closing_date, &deal.actual_closing_date),
        (words.expected_closing_amount, &deal.expected_closing_amount),
        (words.actual_closing_amount, &deal.actual_closing_amount),
        (words.external_reference_id, &deal.external_reference_id),
    ] {
        if !value.is_empty() {
            let pair = make(document, "div", &[], "");
            let name = make(document, "dt", &[], label);
            append(&pair, &[&name, &make(document, "dd", &[("dir", "auto")], value)]);
            append(list, &[&pair]);
        }
    }
}
