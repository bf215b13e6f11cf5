//! Renders the current step and the phase of the submission.

use deal_contract::messages::MessageKey;
use deal_contract::problem::Language;
use deal_contract::reply::Deal;
use web_sys::{Document, Element};

use super::elements::{Elements, submit_label};
use crate::controls::{append, fill_rich_text, make, set, set_visible};
use crate::locale::Locale;
use crate::state::{FormState, Position};
use crate::submission::{Failure, Phase, Progress};

/// Shows the panels of this phase and hides the others. A panel that appears takes the focus, unless this
/// is an automatic retry and the focus is outside of the form.
pub(super) fn phase(
    document: &Document,
    elements: &Elements,
    state: &FormState,
    phase: &Phase,
    automatic: bool,
) {
    let FormState { locale, definition, .. } = state;
    let elsewhere = automatic && !elements.form.matches(":focus-within").unwrap_or_default();
    let sending = phase.is_sending();
    let arrived = phase.is_done();
    set_visible(&elements.form, !arrived);
    set_visible(&elements.buttons, !sending);
    set(&elements.fields, "inert", if sending { "inert" } else { "" });
    match phase {
        Phase::Editing => {}
        Phase::Sending(so_far) => progress(elements, locale, *so_far),
        Phase::Failed(reason) => failure(elements, locale, reason),
        Phase::Arrived(reply) => {
            let thanks = definition.success_message.as_ref();
            set(&elements.thanks, "lang", thanks.map_or("", |_| locale.author_lang()));
            let default = || locale.say(MessageKey::SuccessMessage).into();
            fill_rich_text(&elements.thanks, &thanks.cloned().unwrap_or_else(default), locale);
            deal(document, elements, state, reply);
        }
        Phase::Kept(reference) => {
            elements.thanks.set_text_content(Some(&locale.say(MessageKey::Received)));
            deal(document, elements, state, &Deal::received(reference));
        }
    }
    for (panel, shown) in [
        (&elements.progress, sending),
        (&elements.failure, matches!(phase, Phase::Failed(_))),
        (&elements.result, arrived),
    ] {
        if panel.set_visible(shown) && !elsewhere {
            panel.focus();
        }
    }
}

/// Shows the number and the title of the step, and labels the buttons.
pub(super) fn step(elements: &Elements, state: &FormState, position: Position, failed: bool) {
    let FormState { definition, locale, .. } = state;
    if let Some(step) = definition.steps.get(position.step) {
        let (number, count) = (position.number.to_string(), position.count.to_string());
        let values = [("step", number.as_str()), ("steps", count.as_str())];
        elements.step_position.set_text_content(Some(&locale.fill(MessageKey::StepOf, &values)));
        set(&elements.step_bar, "value", &number);
        set(&elements.step_bar, "max", &count);
        elements.step_title.set_text_content(Some(&step.title));
    }
    set_visible(&elements.back, position.previous.is_some());
    let label = match position.next {
        Some(_) => locale.say(MessageKey::Next),
        None if failed => locale.say(MessageKey::Retry),
        None => submit_label(definition, locale),
    };
    let author_lang = position.next.is_none() && !failed && definition.submit_label.is_some();
    set(&elements.submit, "lang", if author_lang { locale.author_lang() } else { "" });
    elements.submit.set_text_content(Some(&label));
}

fn progress(elements: &Elements, locale: &Locale, progress: Progress) {
    let stage = locale.say(match progress {
        Progress::Asking => MessageKey::Asking,
        _ if progress.is_body_sent() => MessageKey::HandingOver,
        _ => MessageKey::Sending,
    });
    // Without a value, the progress bar is indeterminate.
    let (share, text) = match progress {
        Progress::Upload { sent, total, left } if sent < total => {
            let (sent_size, total_size) = (locale.bytes(sent), locale.bytes(total));
            let sizes = [("sent", sent_size.as_str()), ("total", total_size.as_str())];
            let mut text = locale.fill(MessageKey::SentOf, &sizes);
            if let Some(left) = left {
                let time = locale.seconds(left);
                text.push_str(" · ");
                text.push_str(&locale.fill(MessageKey::TimeLeft, &[("time", &time)]));
            }
            ((sent.saturating_mul(1000) / total).to_string(), text)
        }
        Progress::Upload { total: 0, .. } => (String::new(), String::new()),
        _ => (String::new(), stage.clone()),
    };
    set(&elements.progress_bar, "value", &share);
    if elements.stage.text_content().as_ref() != Some(&stage) {
        elements.stage.set_text_content(Some(&stage));
    }
    elements.progress_text.set_text_content(Some(&text));
}

/// Shows the failure: what happened, the message from the CRM or the proxy as plain text, and what
/// to do.
fn failure(elements: &Elements, locale: &Locale, failure: &Failure) {
    let (heading, advice) = failure.heading_and_advice();
    elements.failure_heading.set_text_content(Some(&locale.say(heading)));
    elements.failure_message.set_text_content(Some(failure.message()));
    elements.failure_advice.set_text_content(Some(&locale.say(advice)));
    set_visible(&elements.send_rest, failure.has_lost_files());
}

/// Writes the seconds until the next retry.
pub(super) fn countdown(text: &Element, locale: &Locale, seconds: u64) {
    let time = locale.seconds(seconds);
    text.set_text_content(Some(&locale.fill(MessageKey::RetryIn, &[("time", &time)])));
}

/// Writes a line for each value of the reply that the form shows.
fn deal(document: &Document, elements: &Elements, state: &FormState, deal: &Deal) {
    let list = &elements.deal;
    list.set_text_content(None);
    for (label, value) in state.definition.success.details(deal) {
        let pair = make(document, "div", "");
        let name = make(document, "dt", &state.locale.say(label));
        let description = make(document, "dd", "");
        append(&description, &[&make(document, "bdi", value)]);
        append(&pair, &[&name, &description]);
        append(list, &[&pair]);
    }
}
