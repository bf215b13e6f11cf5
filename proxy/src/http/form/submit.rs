//! `POST /forms/{id}`: a submission.
//!
//! The submission is on disk before the visitor gets a response. The response waits for the first
//! delivery attempt, up to `timeouts.first_attempt`. The responses are listed in the crate's
//! documentation (`submissions.md`).

use std::borrow::Cow;
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
use tracing::{debug, error, info, warn};

use super::enqueue::{Enqueued, RequestContext, enqueue};
use super::failure::Failure;
use super::thank_you::thank_you_page;
use crate::delivery::{AttemptEnd, Submitted};
use crate::http::app::App;
use crate::http::language;
use crate::http::origin::OriginCheck;
use crate::http::page;
use crate::http::path_params::PathParams;
use crate::http::refusal::Refusal;
use crate::http::response::{html, refuse, refuse_in, with_refusal};
use crate::http::response_format::ResponseFormat;
use crate::intake::{self, Boundary, IntakeError, RequestBody, TooLarge, read};
use crate::limits::{Sender, Upload};
use crate::settings::config::Size;
use crate::settings::faults;
use crate::settings::forms::{Form, LocalizedForm};
use crate::store::{CrmReply, PendingFiles, Reservation, StatusReport, SubmissionStatus};

/// A submission that the proxy or the CRM has.
struct Accepted {
    state: AcceptedState,
    /// The revision that the response is about.
    revision: Option<Revision>,
}

enum AcceptedState {
    /// The CRM has the deal.
    Delivered(Deal),
    /// The proxy has the submission and will deliver it.
    Received(Reference),
}

/// Receives a submission. The response is the CRM's reply, the confirmation that the proxy has the
/// submission, or a refusal.
pub(in crate::http) async fn submit(
    State(app): State<App>,
    PathParams(id): PathParams<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let format = ResponseFormat::of(&head.headers);
    let mut body = RequestBody::new(body, app.config.timeouts.body_silence.0);
    if head.headers.contains_key(header::EXPECT) {
        body.mark_unsent();
    }
    let Some(form) = app.forms.get(&id).cloned() else {
        return close_unread(refuse_unknown_form(&app, &head, format, &mut body), &body);
    };
    let localized = language::choose(&form, &head.uri, &head.headers);
    let mut response = match receive(&app, &form, localized, &head, format, &mut body).await {
        Ok(accepted) => accepted.response(localized, format, &head.headers),
        Err(Failure { refusal, draft: Some(draft), .. }) if format == ResponseFormat::Html => {
            let draft = draft.with_token(app.bots.token_without_wait(&form));
            let page = page::form(localized, &draft.with_refusal(&refusal));
            with_refusal(&refusal, html(page))
        }
        Err(Failure { refusal, revision: Some(revision), .. })
            if format == ResponseFormat::Json =>
        {
            let outcome = SubmitOutcome::Refused(refusal.body(&localized.localizer));
            let body = SubmitResponse { outcome, revision: Some(revision.to_text()) };
            with_refusal(&refusal, Json(body).into_response())
        }
        Err(Failure { refusal, .. }) => refuse_in(&localized.localizer, format, &refusal),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(header::VARY, HeaderValue::from_static("Accept"));
    language::declare(&mut response, localized);
    close_unread(response, &body)
}

impl Accepted {
    /// Returns the deal, as far as it is known.
    fn deal(&self) -> Cow<'_, Deal> {
        match &self.state {
            AcceptedState::Delivered(deal) => Cow::Borrowed(deal),
            AcceptedState::Received(reference) => Cow::Owned(Deal::received(reference.as_str())),
        }
    }

    fn response(self, form: &LocalizedForm, format: ResponseFormat, head: &HeaderMap) -> Response {
        if format == ResponseFormat::Html
            && let Some(redirect) = &form.public.success.redirect
        {
            return thank_you_page(redirect, &self.deal(), head);
        }
        let status = match self.state {
            AcceptedState::Delivered(_) => StatusCode::OK,
            AcceptedState::Received(_) => StatusCode::ACCEPTED,
        };
        let content = match format {
            ResponseFormat::Json => Json(SubmitResponse::from(self)).into_response(),
            ResponseFormat::Html => html(match &self.state {
                AcceptedState::Delivered(deal) => page::delivered(form, deal),
                AcceptedState::Received(reference) => page::received(form, reference),
            }),
        };
        (status, content).into_response()
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

/// Refuses a submission to a form that does not exist. The submission counts towards the sender's limits.
fn refuse_unknown_form(
    app: &App,
    head: &Parts,
    format: ResponseFormat,
    body: &mut RequestBody,
) -> Response {
    body.shorten_drain();
    let sender = head.extensions.get().copied().unwrap_or(Sender::Unknown);
    let refusal = match app.limits.begin_upload(sender, &app.config.limits) {
        Ok(upload) => {
            body.hold_upload(upload);
            Refusal::FormUnknown
        }
        Err(reached) => reached.into(),
    };
    refuse(format, &refusal)
}

/// Closes the connection after an early response. Otherwise, the unread rest of the body would be
/// parsed as the next request.
fn close_unread(mut response: Response, body: &RequestBody) -> Response {
    if body.is_unread() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

async fn receive(
    app: &App,
    form: &Arc<Form>,
    localized: &Arc<LocalizedForm>,
    head: &Parts,
    format: ResponseFormat,
    body: &mut RequestBody,
) -> Result<Accepted, Failure> {
    let newest_ticket = app.queue.newest_ticket().await.map_err(|error| {
        error!(%error, "cannot read the journal");
        Refusal::Unavailable
    })?;
    let headers = &head.headers;
    let sender = head.extensions.get().copied().unwrap_or(Sender::Unknown);
    let upload = begin_upload(app, head, sender);
    let upload = upload.inspect_err(|_| body.shorten_drain())?;
    // If the request is refused after this line, the upload occupies its place until the sender stops
    // sending.
    let (boundary, mut reservation) = match prepare(app, localized, headers) {
        Ok(prepared) => prepared,
        Err(refusal) => {
            body.hold_upload(upload);
            return Err(refusal.into());
        }
    };
    let start = Instant::now();
    let on_bytes = |bytes| {
        upload.set_received(bytes);
        reservation.extend(bytes)
    };
    let received = tokio::select! {
        received = read(body, &boundary, localized, &app.config.limits, &app.store, on_bytes) => received,
        () = upload.wait_until_evicted() => {
            warn!("all upload places are taken: ended the slowest upload of the busiest network");
            body.shorten_drain();
            return Err(Refusal::Unavailable.into());
        }
    };
    let (mut received, files) = match received {
        Ok(received) => received,
        Err(error) => {
            match &error {
                IntakeError::Spool(error) => error!(%error, "cannot write to the spool"),
                IntakeError::Malformed(error) => info!(%error, "the body is not a valid form"),
                IntakeError::TooLarge(_) | IntakeError::TooSlow => {}
            }
            body.hold_upload(upload);
            return Err(error.into());
        }
    };
    app.metrics.count_received(body.bytes());
    info!(
        form = form.id,
        bytes = body.bytes(),
        values = received.values.len(),
        files = received.files.len(),
        file_bytes = received.file_bytes(),
        ms = start.elapsed().as_millis(),
        "received"
    );
    for file in &received.files {
        debug!(form = form.id, bytes = file.bytes, "received a file");
    }
    // Free the upload place, because the rest of this function may wait for the CRM.
    drop(upload);
    if format == ResponseFormat::Html {
        let fields = received.drop_unknown();
        app.metrics.count_dropped(fields);
        if fields > 0 {
            info!(form = form.id, fields, "dropped unknown fields of a plain form");
        }
    }
    received.normalize(&localized.public);
    // The files are written, so the reservation is no longer needed.
    drop(reservation);
    submit_and_wait(
        app,
        form,
        localized,
        RequestContext { sender, format, began_after: newest_ticket },
        received,
        files,
    )
    .await
}

/// Takes an upload place, if the origin is allowed and the sender is within its limits.
fn begin_upload(app: &App, head: &Parts, sender: Sender) -> Result<Upload, Refusal> {
    if OriginCheck::of(&app.config, &head.headers, &head.extensions) == OriginCheck::Rejected {
        return Err(Refusal::OriginNotAllowed);
    }
    Ok(app.limits.begin_upload(sender, &app.config.limits)?)
}

/// Reads the boundary, and reserves space on the disk.
fn prepare(
    app: &App,
    form: &LocalizedForm,
    headers: &HeaderMap,
) -> Result<(Boundary, Box<dyn Reservation>), Refusal> {
    let boundary = boundary(headers)?;
    let (announced, limit) = (announced_length(headers), form.body_limit(&app.config.limits));
    if announced.is_some_and(|bytes| bytes > limit) {
        return Err(TooLarge::Body(Size(limit)).into());
    }
    Ok((boundary, reserve(app, announced)?))
}

/// Enqueues the submission, and waits for the first delivery attempt. If the visitor leaves, the wait
/// ends, but the submission is still enqueued.
async fn submit_and_wait(
    app: &App,
    form: &Arc<Form>,
    localized: &Arc<LocalizedForm>,
    context: RequestContext,
    received: intake::Received,
    files: Option<PendingFiles>,
) -> Result<Accepted, Failure> {
    let enqueued = enqueue(app, form, localized, context, received, files).await?;
    let Enqueued { submitted, reference, revision, page_draft } = enqueued;
    let fail = |refusal, draft, revision| Failure { refusal, draft, revision };
    let (reply, revision, page_draft) = match submitted {
        Submitted::Replied(reply) => (Some(reply), revision, page_draft),
        Submitted::Waiting(waiter) => {
            match app.queue.wait(waiter, app.config.timeouts.first_attempt.0).await {
                AttemptEnd::Replied(reply) => {
                    app.queue.mark_seen(&form.id, &reference, &reply).await;
                    (Some(reply), revision, page_draft)
                }
                AttemptEnd::NotYet => (None, revision, page_draft),
            }
        }
        // Do not show the form's page again, because a later request has replaced the content of this request.
        Submitted::Outdated(StatusReport { status, revision }) => match status {
            SubmissionStatus::Replied(reply) => (Some(reply), revision, None),
            SubmissionStatus::Received | SubmissionStatus::Failed => (None, revision, None),
        },
        Submitted::AnotherDraft => return Err(fail(Refusal::DraftEnded, page_draft, None)),
        Submitted::AnotherForm => {
            let problem = Problem::new(Code::ReferenceShape, field::REFERENCE, "");
            return Err(fail(Refusal::Problems(vec![problem]), page_draft, None));
        }
    };
    if faults::at("response").is_err() {
        return Err(fail(Refusal::Unavailable, page_draft, None));
    }
    let state = match reply {
        Some(CrmReply::Refused(message)) => {
            return Err(fail(Refusal::CrmRefused(message), page_draft, revision));
        }
        Some(CrmReply::Delivered(deal)) => AcceptedState::Delivered(deal),
        None => AcceptedState::Received(reference.clone()),
    };
    if context.format == ResponseFormat::Html
        && let Err(error) = app.queue.confirm(&form.id, &reference).await
    {
        warn!(%error, "cannot record in the journal that a visitor saw the confirmation");
    }
    Ok(Accepted { state, revision })
}

/// Reserves space on the disk for an upload.
fn reserve(app: &App, announced: Option<u64>) -> Result<Box<dyn Reservation>, Refusal> {
    match app.store.reserve(announced) {
        Ok(Some(reservation)) => Ok(reservation),
        Ok(None) => {
            warn!(announced, "the disk of the spool is too full for a submission");
            Err(Refusal::Unavailable)
        }
        Err(error) => {
            error!(%error, "cannot read the free space of the spool's disk");
            Err(Refusal::Unavailable)
        }
    }
}

/// Parses the boundary in `Content-Type`, which must be `multipart/form-data`.
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

/// Returns the body's length from `Content-Length`. hyper has already refused an invalid or repeated
/// header.
fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
