//! Checks a submission that was read, and hands it to the delivery queue, which stores it.
//!
//! Both steps run in a separate task, because they have to continue if the visitor leaves while a captcha
//! is verified or a file is synced.

use std::sync::Arc;

use deal_contract::reference::Reference;
use deal_contract::revision::Revision;
use tracing::{Instrument, Span, error, info};

use super::failure::Failure;
use crate::delivery::Submitted;
use crate::http::app::App;
use crate::http::page::Draft;
use crate::http::refusal::Refusal;
use crate::http::response_format::ResponseFormat;
use crate::intake::{Received, Submission, accept, sent_reference};
use crate::limits::Sender;
use crate::settings::forms::{Form, LocalizedForm};
use crate::store::{DraftContent, NewSubmission, PendingFiles, StoreError, Ticket};

/// A valid submission that has been queued.
pub(super) struct Enqueued {
    pub(super) submitted: Submitted,
    pub(super) reference: Reference,
    /// The revision of the request.
    pub(super) revision: Option<Revision>,
    /// The draft to show again on a plain form's page if the CRM refuses the submission.
    pub(super) page_draft: Option<Draft>,
}

/// The sender of a submission, the format of its response, and the time of its request.
#[derive(Clone, Copy)]
pub(super) struct RequestContext {
    pub(super) sender: Sender,
    /// The format of the response.
    pub(super) format: ResponseFormat,
    /// The newest ticket when the request began.
    pub(super) began_after: Ticket,
}

/// Checks the submission, and enqueues it if it is valid.
pub(super) async fn enqueue(
    app: &App,
    form: &Arc<Form>,
    localized: &Arc<LocalizedForm>,
    context: RequestContext,
    received: Received,
    files: Option<PendingFiles>,
) -> Result<Enqueued, Failure> {
    let (owned_app, form, localized) = (app.clone(), Arc::clone(form), Arc::clone(localized));
    let task = async move {
        check_and_submit(&owned_app, &form, &localized, context, received, files).await
    };
    match app.tasks.spawn(task.instrument(Span::current())).await {
        Ok(result) => result,
        Err(error) => {
            error!(%error, "the task that stores a submission failed");
            Err(Refusal::Unavailable.into())
        }
    }
}

async fn check_and_submit(
    app: &App,
    form: &Form,
    localized: &LocalizedForm,
    context: RequestContext,
    received: Received,
    files: Option<PendingFiles>,
) -> Result<Enqueued, Failure> {
    // Only a plain form needs the draft, because its page is shown again with the typed answers and a
    // reference. The widget still has the answers and the reference.
    let sent = sent_reference(&received.values);
    let page_draft = (context.format == ResponseFormat::Html)
        .then(|| sent.clone().or_else(|| crate::settings::random::reference().ok()))
        .flatten()
        .map(|reference| Draft::of(reference, &received));
    let fail = |refusal| Failure { refusal, draft: page_draft.clone(), revision: None };
    let new = match check(app, form, localized, context, received, sent).await {
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
    // This is the only log line that links the request, the form and the reference.
    info!(
        form = form.id,
        reference = reference.abbreviated(),
        admission = submitted.name(),
        "admitted"
    );
    let page_draft = page_draft.map(|draft| draft.with_reference(reference.clone()));
    Ok(Enqueued { submitted, reference, revision, page_draft })
}

/// Checks a submission, and chooses the references under which it may be stored.
async fn check(
    app: &App,
    form: &Form,
    localized: &LocalizedForm,
    context: RequestContext,
    received: Received,
    sent: Option<Reference>,
) -> Result<NewSubmission, Refusal> {
    let RequestContext { sender, format, began_after } = context;
    check_sender(app, form, sender, &received, sent.as_ref()).await?;
    let mut submission = accept(&localized.public, received).map_err(Refusal::Problems)?;
    if let Some(questions) = form.definition.private.consent_questions() {
        submission.record_consent(localized, questions);
    }
    // API clients and pages that number their requests choose another reference themselves.
    let chooses_itself = format == ResponseFormat::Json || submission.revision().is_some();
    let (reference, fallback) = match sent {
        Some(sent) if chooses_itself => (sent, None),
        sent => {
            let derived = derived_reference(app, form, sender, &submission).await?;
            sent.map_or((derived.clone(), None), |sent| (sent, Some(derived)))
        }
    };
    Ok(submission.into_new_submission(&form.id, reference, began_after, fallback))
}

/// Checks that a person seems to have sent the submission, and counts it for the form's rate limit.
async fn check_sender(
    app: &App,
    form: &Form,
    sender: Sender,
    received: &Received,
    sent: Option<&Reference>,
) -> Result<(), Refusal> {
    let draft = sent.map(|reference| DraftContent {
        draft: reference.as_str(),
        content: received.digest(&form.id, reference),
    });
    let checked = app.bots.check(form, &received.proof, draft).await;
    checked.map_err(Refusal::BotSuspicion)?;
    Ok(app.limits.count_for_form(form, sender)?)
}

/// Derives the reference of a draft whose page did not create one. Content that is soon sent again
/// gets the same reference, so a double click on a page without scripts creates only one deal.
async fn derived_reference(
    app: &App,
    form: &Form,
    sender: Sender,
    submission: &Submission,
) -> Result<Reference, Refusal> {
    let content = submission.digest(&form.id, None);
    let [current, previous] = app.bots.derived_references(sender, content);
    match app.queue.status(&form.id, &previous).await {
        Ok(Some(_)) => Ok(previous),
        Ok(None) => Ok(current),
        Err(error) => {
            error!(%error, "cannot read the journal");
            Err(Refusal::Unavailable)
        }
    }
}
