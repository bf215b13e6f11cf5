//! From what was read to its entry in the journal.
//!
//! It is done in a task of its own: a visitor who leaves while a captcha is verified or a file synced
//! does not cut it short.

use std::sync::Arc;

use deal_contract::reference::Reference;
use tracing::{Instrument, Span, error};

use super::super::wants::Wants;
use super::submit::Failure;
use crate::App;
use crate::delivery::Entered;
use crate::forms::Form;
use crate::guard::{Sender, Sent};
use crate::intake::{Received, Submission, accept, sent_reference};
use crate::page::Draft;
use crate::refusal::Refusal;

/// A submission that its form took.
pub(super) struct Taken {
    pub(super) entered: Entered,
    pub(super) reference: Reference,
    /// The page to show again, should the CRM refuse it.
    pub(super) again: Option<Draft>,
}

/// Looks at it, and enters what is in order.
pub(super) async fn enter(
    app: &Arc<App>,
    form: &Arc<Form>,
    sender: Sender,
    wants: Wants,
    received: Received,
) -> Result<Taken, Failure> {
    let (own, form) = (Arc::clone(app), Arc::clone(form));
    let entering = async move { take(&own, &form, sender, wants, received).await };
    match app.tasks.spawn(entering.instrument(Span::current())).await {
        Ok(taken) => taken,
        Err(error) => {
            error!(%error, "a submission was not entered");
            Err(Refusal::Unavailable.into())
        }
    }
}

async fn take(
    app: &App,
    form: &Form,
    sender: Sender,
    wants: Wants,
    received: Received,
) -> Result<Taken, Failure> {
    // A page is shown again with what was typed, and from now on has a reference; the widget still has
    // both.
    let sent = sent_reference(&received.values);
    let again = (wants == Wants::Html)
        .then(|| sent.clone().or_else(|| crate::random::reference().ok()))
        .flatten()
        .map(|reference| Draft::of(reference, &received));
    let fail = |refusal| Failure { refusal, draft: again.clone() };
    vet(app, form, sender, &received, sent.as_ref()).await.map_err(fail)?;
    let submission = accept(&form.definition.public, received)
        .map_err(|problems| fail(Refusal::Problems(problems)))?;
    let reference = match sent {
        Some(sent) => sent,
        None => spare_reference(app, form, sender, &submission).await.map_err(fail)?,
    };
    let again = again.map(|draft| draft.named(reference.clone()));
    match admit(app, form, submission, reference.clone()).await {
        Ok(entered) => Ok(Taken { entered, reference, again }),
        Err(refusal) => Err(Failure { refusal, draft: again }),
    }
}

/// Whether a person seems to have sent it, and the form may have it now.
async fn vet(
    app: &App,
    form: &Form,
    sender: Sender,
    received: &Received,
    sent: Option<&Reference>,
) -> Result<(), Refusal> {
    let draft = sent.map(|reference| Sent {
        draft: reference.as_str(),
        content: received.content(&form.id, reference),
    });
    let vetted = app.guard.vet(form, &received.brought, draft).await;
    vetted.map_err(Refusal::Suspicion)?;
    app.guard.charge(form, sender)
}

/// The reference of a draft whose page made none. Sent twice in a row, it is the same draft: whoever
/// presses twice on a page without scripts wants one deal.
async fn spare_reference(
    app: &App,
    form: &Form,
    sender: Sender,
    submission: &Submission,
) -> Result<Reference, Refusal> {
    let content = submission.content(&form.id, None);
    let [now, before] = app.guard.spare_references(sender, content);
    match app.queue.standing(&form.id, &before).await {
        Ok(Some(_)) => Ok(before),
        Ok(None) => Ok(now),
        Err(error) => {
            error!(%error, "the journal cannot be asked for a submission");
            Err(Refusal::Unavailable)
        }
    }
}

/// Onto the disk for good, and into the journal.
async fn admit(
    app: &App,
    form: &Form,
    submission: Submission,
    reference: Reference,
) -> Result<Entered, Refusal> {
    let (arrival, folder) = submission.seal(&form.id, reference).await.map_err(|error| {
        error!(%error, "the spool does not keep files");
        Refusal::Unavailable
    })?;
    app.queue.admit(arrival, folder).await.map_err(|error| {
        error!(%error, "the journal does not take a submission");
        Refusal::Unavailable
    })
}
