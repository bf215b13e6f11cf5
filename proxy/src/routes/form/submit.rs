//! `POST /forms/{id}`: a submission.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use deal_contract::reference::Reference;
use deal_contract::reply::{Deal, Reply};
use tokio::time::Instant;
use tracing::{Instrument, Span, error, info, warn};

use super::super::answer::{html, refuse, refuse_in, with_refusal};
use super::super::origin::Caller;
use super::super::wants::Wants;
use crate::App;
use crate::config::Size;
use crate::delivery::{CrmError, deliver};
use crate::forms::Form;
use crate::guard::Sender;
use crate::intake::{
    Boundary, Incoming, IntakeError, Received, Submission, TooLarge, accept, read, sent_reference,
};
use crate::page::{self, Draft};
use crate::refusal::{Again, Refusal};

/// Why there is no deal, and what the visitor had written, where that is known.
struct Failure {
    refusal: Refusal,
    draft: Option<Draft>,
}

impl<R: Into<Refusal>> From<R> for Failure {
    fn from(refusal: R) -> Self {
        Self { refusal: refusal.into(), draft: None }
    }
}

/// Takes the submission and gives the CRM's reply, or what to do.
pub(in crate::routes) async fn submit(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let wants = Wants::of(&head.headers);
    let mut body = Incoming::new(body, app.config.timeouts.body_silence.0);
    if head.headers.contains_key(header::EXPECT) {
        body.leave_unsent();
    }
    let Some(form) = app.forms.get(&id).cloned() else {
        return refuse(wants, &Refusal::FormUnknown);
    };
    let mut response = match take(&app, &form, &head, wants, body).await {
        Ok(deal) => match wants {
            Wants::Json => Json(Reply::Success(deal)).into_response(),
            Wants::Html => html(page::done(&form, &deal)),
        },
        Err(Failure { refusal, draft: Some(draft) }) if wants == Wants::Html => {
            let draft = draft.with_token(app.guard.ripe_token(&form));
            let page = page::form(&form, &draft.refused(&refusal));
            with_refusal(&refusal, html(page))
        }
        Err(Failure { refusal, .. }) => refuse_in(&form.voice, wants, &refusal),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(header::VARY, HeaderValue::from_static("Accept"));
    response
}

async fn take(
    app: &Arc<App>,
    form: &Arc<Form>,
    head: &Parts,
    wants: Wants,
    mut body: Incoming,
) -> Result<Deal, Failure> {
    let headers = &head.headers;
    if Caller::of(app, headers) == Caller::Stranger {
        return Err(Refusal::Origin.into());
    }
    let boundary = boundary(headers)?;
    let limit = form.body_limit(&app.config.limits);
    if announced(headers).is_some_and(|bytes| bytes > limit) {
        return Err(Refusal::from(TooLarge::Body(Size(limit))).into());
    }
    let sender = head.extensions.get().copied().unwrap_or(Sender::Unknown);
    let place = app.guard.admit(&form.id, sender, &app.config.limits)?;
    let begun = Instant::now();
    let received = read(&mut body, &boundary, form, &app.config.limits, &app.spool).await;
    let mut received = received.inspect_err(|error| match error {
        IntakeError::Spool(error) => error!(%error, "the spool does not take files"),
        IntakeError::Malformed(error) => info!(%error, "not the body of a form"),
        IntakeError::TooLarge(_) | IntakeError::Silent => {}
    })?;
    app.metrics.received(body.bytes());
    info!(
        form = form.id,
        bytes = body.bytes(),
        values = received.values.len(),
        files = received.files.len(),
        file_bytes = received.file_bytes(),
        ms = begun.elapsed().as_millis(),
        "received"
    );
    // What follows waits for the CRM, and keeps nobody from sending.
    drop(place);
    if wants == Wants::Html {
        received.tidy(&form.definition.public);
    }
    vet(app, form, wants, &received).await?;
    settle(app, form, wants, received).await
}

/// Whether a person seems to have sent it.
async fn vet(app: &App, form: &Form, wants: Wants, received: &Received) -> Result<(), Failure> {
    let sent = sent_reference(&received.values);
    let draft = sent.as_ref().map(Reference::as_str);
    app.guard.vet(form, &received.brought, draft).await.map_err(|suspicion| {
        let reference = sent.or_else(|| crate::random::reference().ok());
        let reference = reference.filter(|_| wants == Wants::Html);
        let draft = reference.map(|reference| Draft::of(reference, received));
        Failure { refusal: Refusal::Suspicion(suspicion), draft }
    })
}

/// From what was received to the CRM's reply.
async fn settle(
    app: &Arc<App>,
    form: &Arc<Form>,
    wants: Wants,
    received: Received,
) -> Result<Deal, Failure> {
    let spare = crate::random::reference().map_err(|error| {
        error!(%error, "the system has no random numbers");
        Refusal::Unavailable
    })?;
    let sent = sent_reference(&received.values);
    let reference = sent.clone().unwrap_or_else(|| spare.clone());
    // A page is shown again with what was typed; the widget still has it.
    let draft = (wants == Wants::Html).then(|| Draft::of(reference, &received));
    let fail = |refusal: Refusal| Failure { refusal, draft: draft.clone() };
    let submission = accept(&form.definition.public, received, spare)
        .map_err(|problems| fail(Refusal::Problems(problems)))?;
    // Whoever can send the same draft again cannot enter it twice.
    let again = if sent.is_some() || wants == Wants::Html { Again::Safe } else { Again::Unknown };
    hand_over(app, form, submission).await.map_err(|refusal| match refusal {
        Some(error) => fail(Refusal::from_crm(error, again)),
        None => fail(Refusal::Unavailable),
    })
}

/// Delivers in a task of its own: a visitor who leaves now does not cut a half-sent deal.
async fn hand_over(
    app: &Arc<App>,
    form: &Arc<Form>,
    submission: Submission,
) -> Result<Deal, Option<CrmError>> {
    let delivery = deliver_and_log(Arc::clone(app), Arc::clone(form), submission);
    match app.tasks.spawn(delivery.instrument(Span::current())).await {
        Ok(result) => result.map_err(Some),
        Err(error) => {
            error!(%error, "a delivery broke off");
            Err(None)
        }
    }
}

async fn deliver_and_log(
    app: Arc<App>,
    form: Arc<Form>,
    submission: Submission,
) -> Result<Deal, CrmError> {
    let begun = Instant::now();
    let result = deliver(&app.crm, &form.definition.private, &submission).await;
    let (form, ms) = (&*form.id, begun.elapsed().as_millis());
    match &result {
        Ok(_) => info!(form, ms, "delivered"),
        Err(error) => warn!(form, ms, error = chain(error), "not delivered"),
    }
    result
}

/// The boundary of the one content type that forms have.
fn boundary(headers: &HeaderMap) -> Result<Boundary, Refusal> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Refusal::ContentEncoding);
    }
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else {
        return Err(Refusal::ContentType);
    };
    let value = value.to_str().map_err(|_| Refusal::ContentType)?;
    let (essence, parameters) = value.split_at(value.find(';').unwrap_or(value.len()));
    if !essence.trim_end_matches([' ', '\t']).eq_ignore_ascii_case("multipart/form-data") {
        return Err(Refusal::ContentType);
    }
    Ok(Boundary::from_parameters(parameters)?)
}

/// The length that the sender announced; hyper refuses several and odd ones.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// An error with its causes. None of them holds what a visitor wrote.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
