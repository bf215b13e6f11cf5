//! `POST /forms/{id}`: a submission.
//!
//! It is on disk before anybody is told that it arrived. Then its visitor waits, for so long, for what
//! comes of the first attempt to deliver it. The answers are listed in the crate's documentation
//! (`submissions.md`).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use deal_contract::problem::{Code, Problem};
use deal_contract::protocol::{Received, SubmitOutcome, SubmitResponse, field};
use deal_contract::reference::Reference;
use deal_contract::reply::Deal;
use deal_contract::revision::Revision;
use tokio::time::Instant;
use tracing::{error, info, warn};

use super::enter::{Taken, Visit, enter};
use super::failure::Failure;
use crate::delivery::{AttemptEnd, Submitted};
use crate::http::answer::{html, refuse, refuse_in, with_refusal};
use crate::http::app::App;
use crate::http::named::Named;
use crate::http::origin::OriginCheck;
use crate::http::page;
use crate::http::refusal::Refusal;
use crate::http::response_format::ResponseFormat;
use crate::intake::{self, Boundary, Incoming, IntakeError, TooLarge, read};
use crate::limits::{Sender, Upload};
use crate::settings::config::Size;
use crate::settings::faults;
use crate::settings::forms::Form;
use crate::store::{CrmReply, PendingFiles, Reservation, StatusReport, SubmissionStatus};

/// A submission that was taken.
struct Accepted {
    state: AcceptedState,
    /// The revision that the answer is about.
    revision: Option<Revision>,
}

enum AcceptedState {
    /// The CRM has the deal.
    Delivered(Deal),
    /// The proxy has the submission.
    Received(Reference),
}

/// Takes the submission and gives the CRM's reply, or says that it is taken, or what to do.
pub(in crate::http) async fn submit(
    State(app): State<App>,
    Named(id): Named<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let format = ResponseFormat::of(&head.headers);
    let mut body = Incoming::new(body, app.config.timeouts.body_silence.0);
    if head.headers.contains_key(header::EXPECT) {
        body.leave_unsent();
    }
    let Some(form) = app.forms.get(&id).cloned() else {
        return close_unread(no_form(&app, &head, format, &mut body), &body);
    };
    let mut response = match take(&app, &form, &head, format, &mut body).await {
        Ok(accepted) => accepted.answer(&form, format),
        Err(Failure { refusal, draft: Some(draft), .. }) if format == ResponseFormat::Html => {
            let draft = draft.with_token(app.bots.ripe_token(&form));
            let page = page::form(&form, &draft.refused(&refusal));
            with_refusal(&refusal, html(page))
        }
        Err(Failure { refusal, revision: Some(revision), .. })
            if format == ResponseFormat::Json =>
        {
            let outcome = SubmitOutcome::Refused(refusal.body(&form.localizer));
            let body = SubmitResponse { outcome, revision: Some(revision.to_text()) };
            with_refusal(&refusal, Json(body).into_response())
        }
        Err(Failure { refusal, .. }) => refuse_in(&form.localizer, format, &refusal),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(header::VARY, HeaderValue::from_static("Accept"));
    close_unread(response, &body)
}

impl Accepted {
    fn answer(self, form: &Form, format: ResponseFormat) -> Response {
        let status = match self.state {
            AcceptedState::Delivered(_) => StatusCode::OK,
            AcceptedState::Received(_) => StatusCode::ACCEPTED,
        };
        let answer = match format {
            ResponseFormat::Json => Json(SubmitResponse::from(self)).into_response(),
            ResponseFormat::Html => html(match &self.state {
                AcceptedState::Delivered(deal) => page::done(form, deal),
                AcceptedState::Received(reference) => page::received(form, reference),
            }),
        };
        (status, answer).into_response()
    }
}

impl From<Accepted> for SubmitResponse {
    fn from(Accepted { state, revision }: Accepted) -> Self {
        let outcome = match state {
            AcceptedState::Delivered(deal) => SubmitOutcome::Delivered(deal),
            AcceptedState::Received(reference) => {
                SubmitOutcome::Received(Received { external_reference_id: reference.to_string() })
            }
        };
        Self { outcome, revision: revision.map(|revision| revision.to_text()) }
    }
}

/// Answers that there is no such form. The sender is counted like any other.
fn no_form(app: &App, head: &Parts, format: ResponseFormat, body: &mut Incoming) -> Response {
    body.is_unwanted();
    let sender = head.extensions.get().copied().unwrap_or(Sender::Unknown);
    let refusal = match app.limits.admit(sender, &app.config.limits) {
        Ok(upload) => {
            body.hold(upload);
            Refusal::FormUnknown
        }
        Err(reached) => reached.into(),
    };
    refuse(format, &refusal)
}

/// Closes the connection after an answer that comes before the end of the request: the unread rest
/// of the body must not be read as the next request.
fn close_unread(mut response: Response, body: &Incoming) -> Response {
    if body.is_unread() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

async fn take(
    app: &App,
    form: &Arc<Form>,
    head: &Parts,
    format: ResponseFormat,
    body: &mut Incoming,
) -> Result<Accepted, Failure> {
    let newest = app.queue.newest_ticket().await.map_err(|error| {
        error!(%error, "cannot read the journal");
        Refusal::Unavailable
    })?;
    let headers = &head.headers;
    let sender = head.extensions.get().copied().unwrap_or(Sender::Unknown);
    let admitted = admit(app, head, sender);
    let upload = admitted.inspect_err(|_| body.is_unwanted())?;
    // If the request is refused from here on, the sender's upload slot stays occupied while it
    // keeps sending.
    let (boundary, mut room) = match begin(app, form, headers) {
        Ok(begun) => begun,
        Err(refusal) => {
            body.hold(upload);
            return Err(refusal.into());
        }
    };
    let begun = Instant::now();
    let arrived = |bytes| {
        upload.received(bytes);
        room.extend(bytes)
    };
    let received = tokio::select! {
        received = read(body, &boundary, form, &app.config.limits, &app.store, arrived) => received,
        () = upload.gives_way() => {
            warn!("all places are taken: a slow submission gave way");
            body.is_unwanted();
            return Err(Refusal::Unavailable.into());
        }
    };
    let (mut received, files) = match received {
        Ok(received) => received,
        Err(error) => {
            match &error {
                IntakeError::Spool(error) => error!(%error, "the spool does not take files"),
                IntakeError::Malformed(error) => info!(%error, "not the body of a form"),
                IntakeError::TooLarge(_) | IntakeError::Silent => {}
            }
            body.hold(upload);
            return Err(error.into());
        }
    };
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
    drop(upload);
    if format == ResponseFormat::Html {
        let fields = received.drop_unknown();
        app.metrics.dropped(fields);
        if fields > 0 {
            info!(form = form.id, fields, "dropped what the plain form sent and is not asked for");
        }
    }
    received.normalize(&form.definition.public);
    // What is written by now is no longer promised.
    drop(room);
    settle(app, form, Visit { sender, format, began_after: newest }, received, files).await
}

/// An upload slot for a sender that may send.
fn admit(app: &App, head: &Parts, sender: Sender) -> Result<Upload, Refusal> {
    if OriginCheck::of(&app.config, &head.headers, &head.extensions) == OriginCheck::Rejected {
        return Err(Refusal::Origin);
    }
    Ok(app.limits.admit(sender, &app.config.limits)?)
}

/// The boundary, and reserved space on the disk.
fn begin(
    app: &App,
    form: &Form,
    headers: &HeaderMap,
) -> Result<(Boundary, Box<dyn Reservation>), Refusal> {
    let boundary = boundary(headers)?;
    let (announced, limit) = (announced(headers), form.body_limit(&app.config.limits));
    if announced.is_some_and(|bytes| bytes > limit) {
        return Err(TooLarge::Body(Size(limit)).into());
    }
    Ok((boundary, reserve(app, announced)?))
}

/// From what was received to the answer. The wait ends with the visitor; what comes
/// before it does not.
async fn settle(
    app: &App,
    form: &Arc<Form>,
    visit: Visit,
    received: intake::Received,
    files: Option<PendingFiles>,
) -> Result<Accepted, Failure> {
    let taken = enter(app, form, visit, received, files).await?;
    let Taken { submitted, reference, revision, again } = taken;
    let fail = |refusal, draft, revision| Failure { refusal, draft, revision };
    let (reply, revision, again) = match submitted {
        Submitted::Replied(reply) => (Some(reply), revision, again),
        Submitted::Waiting(waiter) => {
            match app.queue.wait(waiter, app.config.timeouts.first_attempt.0).await {
                AttemptEnd::Replied(reply) => {
                    app.queue.mark_seen(&form.id, &reference, &reply).await;
                    (Some(reply), revision, again)
                }
                AttemptEnd::NotYet => (None, revision, again),
            }
        }
        // The refused page is not shown again: it is not the one that was sent last.
        Submitted::Outdated(StatusReport { status, revision }) => match status {
            SubmissionStatus::Replied(reply) => (Some(reply), revision, None),
            SubmissionStatus::Received | SubmissionStatus::Failed => (None, revision, None),
        },
        Submitted::AnotherDraft => return Err(fail(Refusal::DraftEnded, again, None)),
        Submitted::AnotherForm => {
            let problem = Problem::new(Code::ReferenceShape, field::REFERENCE, "");
            return Err(fail(Refusal::Problems(vec![problem]), again, None));
        }
    };
    if faults::at("response").is_err() {
        return Err(fail(Refusal::Unavailable, again, None));
    }
    let state = match reply {
        Some(CrmReply::Refused(words)) => {
            return Err(fail(Refusal::CrmRefused(words), again, revision));
        }
        Some(CrmReply::Delivered(deal)) => AcceptedState::Delivered(deal),
        None => AcceptedState::Received(reference.clone()),
    };
    if visit.format == ResponseFormat::Html
        && let Err(error) = app.queue.confirm(&form.id, &reference).await
    {
        warn!(%error, "cannot note in the journal that a visitor was told of the arrival");
    }
    Ok(Accepted { state, revision })
}

/// Room on the disk for what is announced.
fn reserve(app: &App, announced: Option<u64>) -> Result<Box<dyn Reservation>, Refusal> {
    match app.store.reserve(announced) {
        Ok(Some(room)) => Ok(room),
        Ok(None) => {
            warn!(announced, "the disk of the spool is too full for a submission");
            Err(Refusal::Unavailable)
        }
        Err(error) => {
            error!(%error, "the spool cannot be asked for room");
            Err(Refusal::Unavailable)
        }
    }
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
