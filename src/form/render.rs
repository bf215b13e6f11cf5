//! Renders the current step and the phase of the submission.

use deal_contract::messages::MessageKey;
use deal_contract::problem::Language;
use deal_contract::reply::Deal;
use web_sys::Document;

use super::elements::{Elements, submit_label};
use crate::browser::document;
use crate::controls::{append, fill_rich_text, make, set, set_visible};
use crate::locale::Locale;
use crate::state::{FormState, Position};
use crate::submission::{Failure, Origin, Phase, Progress};

/// The state of the submit button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SubmitState {
    Ready,
    /// The last attempt failed.
    Failed,
    /// The form is being sent. The button keeps the focus, so it is not `disabled`.
    Sending,
}

impl SubmitState {
    pub(super) fn of(phase: &Phase) -> Self {
        match phase {
            Phase::Sending(_) => Self::Sending,
            Phase::Failed(_) => Self::Failed,
            _ => Self::Ready,
        }
    }
}

/// Shows the panels of this phase and hides the others.
pub(super) fn phase(
    document: &Document,
    elements: &Elements,
    state: &FormState,
    phase: &Phase,
    origin: Origin,
) {
    let FormState { locale, definition, .. } = state;
    let is_sending = phase.is_sending();
    // A visitor can correct answers during a retry that the form has started itself.
    let is_inert = is_sending && origin == Origin::Visitor;
    set(&elements.fields, "inert", if is_inert { "inert" } else { "" });
    set(&elements.back, "disabled", if is_sending { "disabled" } else { "" });
    match phase {
        Phase::Editing | Phase::Sending(_) => {}
        Phase::Failed(reason) => failure(elements, locale, reason),
        Phase::Arrived(reply) => {
            let thanks = definition.success_message.as_ref();
            set(&elements.result.thanks, "lang", thanks.map_or("", |_| locale.author_lang()));
            let default = || locale.say(MessageKey::SuccessMessage).into();
            fill_rich_text(
                &elements.result.thanks,
                &thanks.cloned().unwrap_or_else(default),
                locale,
            );
            deal(document, elements, state, reply);
        }
        Phase::Kept(reference) => {
            elements.result.thanks.set_text_content(Some(&locale.say(MessageKey::Received)));
            deal(document, elements, state, &Deal::received(reference));
        }
    }
    let has_arrived = phase.is_done();
    set_visible(&elements.form, !has_arrived);
    elements.result.panel.set_visible(has_arrived);
    // During a retry, the last failure stays, so that nothing moves.
    let is_failure_visible = is_sending && origin == Origin::Retry;
    elements.failure.panel.set_visible(is_failure_visible || matches!(phase, Phase::Failed(_)));
}

/// Shows the number and the title of the step, and labels the buttons.
pub(super) fn step(
    elements: &Elements,
    state: &FormState,
    position: Position,
    submit: SubmitState,
) {
    let FormState { definition, locale, .. } = state;
    if let Some(step) = definition.steps.get(position.step) {
        let (number, count) = (position.number.to_string(), position.count.to_string());
        let values = [("step", number.as_str()), ("steps", count.as_str())];
        elements.step.position.set_text_content(Some(&locale.fill(MessageKey::StepOf, &values)));
        elements.step.bar.set_text_content(None);
        for segment in 0..position.count {
            let kind = if segment < position.number { "i;class=df-on" } else { "i" };
            append(&elements.step.bar, &[&make(&document(), kind, "")]);
        }
        elements.step.title.set_text_content(Some(&step.title));
    }
    set_visible(&elements.back, position.previous.is_some());
    let has_failed = submit == SubmitState::Failed;
    let label = match position.next {
        Some(_) => locale.say(MessageKey::Next),
        None if has_failed => locale.say(MessageKey::Retry),
        None => submit_label(definition, locale),
    };
    let is_author_label =
        position.next.is_none() && !has_failed && definition.submit_label.is_some();
    set(&elements.submit, "lang", if is_author_label { locale.author_lang() } else { "" });
    elements.submit.set_text_content(Some(&label));
    let is_sending = submit == SubmitState::Sending;
    set(&elements.submit, "aria-disabled", if is_sending { "true" } else { "" });
    if is_sending {
        append(&elements.submit, &[&make(&document(), "span;class=df-spinner", "")]);
    }
}

/// Shows the progress. Returns the sentence about its stage.
pub(super) fn progress(elements: &Elements, locale: &Locale, progress: Progress) -> String {
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
        _ => (String::new(), stage.clone()),
    };
    set_visible(&elements.activity.bar, true);
    set(&elements.activity.bar, "value", &share);
    elements.activity.text.set_text_content(Some(&text));
    stage
}

/// Shows the failure: what happened, the message from the CRM or the proxy as plain text, and what
/// to do.
fn failure(elements: &Elements, locale: &Locale, failure: &Failure) {
    let (heading, advice) = failure.heading_and_advice();
    elements.failure.heading.set_text_content(Some(&locale.say(heading)));
    let message = failure.message();
    elements.failure.message.set_text_content(Some(message));
    let is_quote = matches!(failure, Failure::Crm(_));
    set_visible(&elements.failure.message, !message.is_empty());
    set_visible(&elements.failure.quote, is_quote);
    // The language of the CRM's message is unknown.
    let _ = if is_quote {
        elements.failure.message.set_attribute("lang", "")
    } else {
        elements.failure.message.remove_attribute("lang")
    };
    elements.failure.advice.set_text_content(Some(&locale.say(advice)));
    set_visible(&elements.failure.send_rest, failure.has_lost_files());
    let is_quiet = matches!(failure, Failure::Cancelled | Failure::Abandoned);
    set(&elements.failure.panel, "data-quiet", if is_quiet { "true" } else { "" });
}

/// Shows the seconds until the next retry. Returns the sentence.
pub(super) fn countdown(elements: &Elements, locale: &Locale, seconds: u64) -> String {
    let time = locale.seconds(seconds);
    let text = locale.fill(MessageKey::RetryIn, &[("time", &time)]);
    set_visible(&elements.activity.bar, false);
    elements.activity.text.set_text_content(Some(&text));
    text
}

/// Writes a line for each value of the reply that the form shows.
fn deal(document: &Document, elements: &Elements, state: &FormState, deal: &Deal) {
    let list = &elements.result.deal;
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
