//! From what was read to its entry in the journal.
//!
//! It is done in a task of its own: a visitor who leaves while a captcha is verified or a file synced
//! does not cut it short.

use std::sync::Arc;

use deal_contract::reference::Reference;
use deal_contract::revision::Revision;
use tracing::{Instrument, Span, error};

use super::failure::Failure;
use crate::bots::DraftContent;
use crate::delivery::Submitted;
use crate::http::app::App;
use crate::http::page::Draft;
use crate::http::refusal::Refusal;
use crate::http::response_format::ResponseFormat;
use crate::intake::{Received, Submission, accept, sent_reference};
use crate::limits::Sender;
use crate::settings::forms::Form;
use crate::store::{NewSubmission, PendingFiles, StoreError, Ticket};

/// A submission that its form took.
pub(super) struct Taken {
    pub(super) submitted: Submitted,
    pub(super) reference: Reference,
    /// The number that the page gave the request.
    pub(super) revision: Option<Revision>,
    /// The page to show again, should the CRM refuse it.
    pub(super) again: Option<Draft>,
}

/// Who sends a submission, and when.
#[derive(Clone, Copy)]
pub(super) struct Visit {
    pub(super) sender: Sender,
    /// Whether it gets a page or JSON.
    pub(super) format: ResponseFormat,
    /// The newest ticket when the request began.
    pub(super) began_after: Ticket,
}

/// Looks at it, and enters what is in order.
pub(super) async fn enter(
    app: &App,
    form: &Arc<Form>,
    visit: Visit,
    received: Received,
    files: Option<PendingFiles>,
) -> Result<Taken, Failure> {
    let (own, form) = (app.clone(), Arc::clone(form));
    let entering = async move { take(&own, &form, visit, received, files).await };
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
    visit: Visit,
    received: Received,
    files: Option<PendingFiles>,
) -> Result<Taken, Failure> {
    // A page is shown again with what was typed, and from now on has a reference; the widget still has both.
    let sent = sent_reference(&received.values);
    let again = (visit.format == ResponseFormat::Html)
        .then(|| sent.clone().or_else(|| crate::settings::random::reference().ok()))
        .flatten()
        .map(|reference| Draft::of(reference, &received));
    let fail = |refusal| Failure { refusal, draft: again.clone(), revision: None };
    let new = match check(app, form, visit, received, sent).await {
        Ok(new) => new,
        Err(refusal) => {
            if let Some(files) = files {
                files.discard().await;
            }
            return Err(fail(refusal));
        }
    };
    let revision = new.revision.clone();
    let (submitted, reference) = app.queue.submit(new, files).await.map_err(|error| {
        match &error {
            StoreError::Files(error) => {
                error!(%error, "cannot write the files of a submission to the spool");
            }
            error => error!(%error, "cannot write a submission to the journal"),
        }
        fail(Refusal::Unavailable)
    })?;
    let again = again.map(|draft| draft.named(reference.clone()));
    Ok(Taken { submitted, reference, revision, again })
}

/// Checks a submission, and chooses the references under which it may be admitted.
async fn check(
    app: &App,
    form: &Form,
    visit: Visit,
    received: Received,
    sent: Option<Reference>,
) -> Result<NewSubmission, Refusal> {
    let Visit { sender, format, began_after } = visit;
    vet(app, form, sender, &received, sent.as_ref()).await?;
    let submission = accept(&form.definition.public, received).map_err(Refusal::Problems)?;
    // A page that numbers its requests chooses another reference itself, and so does an API client.
    let chooses_itself = format == ResponseFormat::Json || submission.revision().is_some();
    let (reference, fallback) = match sent {
        Some(sent) if chooses_itself => (sent, None),
        sent => {
            let derived = derived_reference(app, form, sender, &submission).await?;
            sent.map_or((derived.clone(), None), |sent| (sent, Some(derived)))
        }
    };
    Ok(submission.into_new(&form.id, reference, began_after, fallback))
}

/// Whether a person seems to have sent it, and the form may have it now.
async fn vet(
    app: &App,
    form: &Form,
    sender: Sender,
    received: &Received,
    sent: Option<&Reference>,
) -> Result<(), Refusal> {
    let draft = sent.map(|reference| DraftContent {
        draft: reference.as_str(),
        content: received.content(&form.id, reference),
    });
    let vetted = app.bots.check(form, &received.proof, draft).await;
    vetted.map_err(Refusal::BotSuspicion)?;
    Ok(app.limits.charge(form, sender)?)
}

/// The reference of a draft whose page made none. Sent twice in a row, it is the same draft: whoever
/// presses twice on a page without scripts wants one deal.
async fn derived_reference(
    app: &App,
    form: &Form,
    sender: Sender,
    submission: &Submission,
) -> Result<Reference, Refusal> {
    let content = submission.content(&form.id, None);
    let [now, before] = app.bots.derived_references(sender, content);
    match app.queue.status(&form.id, &before).await {
        Ok(Some(_)) => Ok(before),
        Ok(None) => Ok(now),
        Err(error) => {
            error!(%error, "the journal cannot be asked for a submission");
            Err(Refusal::Unavailable)
        }
    }
}
