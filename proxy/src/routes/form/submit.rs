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
use deal_contract::reference::{self, Reference};
use deal_contract::reply::{Deal, Reply};
use serde::Serialize;
use tokio::time::Instant;
use tracing::{error, info, warn};

use super::super::answer::{html, refuse, refuse_in, with_refusal};
use super::super::named::Named;
use super::super::origin::Caller;
use super::super::wants::Wants;
use super::enter::{Taken, enter};
use crate::App;
use crate::config::Size;
use crate::delivery::{Ended, Entered};
use crate::faults;
use crate::forms::Form;
use crate::guard::{Sender, Upload};
use crate::intake::spool::Reservation;
use crate::intake::{Boundary, Incoming, IntakeError, Received, TooLarge, read};
use crate::journal::Answer;
use crate::page::{self, Draft};
use crate::refusal::Refusal;

/// What a visitor is told whose submission was taken.
enum Told {
    /// The CRM has the deal.
    Delivered(Deal),
    /// The proxy has it.
    Received(Reference),
}

/// [`Told::Received`] as JSON.
#[derive(Serialize)]
struct ReceivedBody<'a> {
    message: &'static str,
    external_reference_id: &'a str,
}

/// Why there is no deal, and what the visitor had written, where that is known.
pub(super) struct Failure {
    pub(super) refusal: Refusal,
    pub(super) draft: Option<Draft>,
}

impl<R: Into<Refusal>> From<R> for Failure {
    fn from(refusal: R) -> Self {
        Self { refusal: refusal.into(), draft: None }
    }
}

/// Takes the submission and gives the CRM's reply, or says that it is taken, or what to do.
pub(in crate::routes) async fn submit(
    State(app): State<Arc<App>>,
    Named(id): Named<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let wants = Wants::of(&head.headers);
    let mut body = Incoming::new(body, app.config.timeouts.body_silence.0);
    if head.headers.contains_key(header::EXPECT) {
        body.leave_unsent();
    }
    let Some(form) = app.forms.get(&id).cloned() else {
        body.is_unwanted();
        return refuse(wants, &Refusal::FormUnknown);
    };
    let mut response = match take(&app, &form, &head, wants, body).await {
        Ok(Told::Delivered(deal)) => match wants {
            Wants::Json => Json(Reply::Success(deal)).into_response(),
            Wants::Html => html(page::done(&form, &deal)),
        },
        Ok(Told::Received(reference)) => {
            let answer = match wants {
                Wants::Json => Json(received_body(&reference)).into_response(),
                Wants::Html => html(page::received(&form, &reference)),
            };
            (StatusCode::ACCEPTED, answer).into_response()
        }
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
) -> Result<Told, Failure> {
    let headers = &head.headers;
    let limit = form.body_limit(&app.config.limits);
    if announced(headers).is_some_and(|bytes| bytes > limit) {
        return Err(Refusal::from(TooLarge::Body(Size(limit))).into());
    }
    let sender = head.extensions.get().copied().unwrap_or(Sender::Unknown);
    let admitted = admit(app, headers, sender);
    let (boundary, upload) = admitted.inspect_err(|_| body.is_unwanted())?;
    let mut room = reserve(app, announced(headers))?;
    let begun = Instant::now();
    let arrived = |bytes| {
        upload.received(bytes);
        room.extend(bytes)
    };
    let received = tokio::select! {
        received = read(&mut body, &boundary, form, &app.config.limits, &app.spool, arrived) => received,
        () = upload.gives_way() => {
            warn!("all places are taken: a slow submission gave way");
            return Err(Refusal::Unavailable.into());
        }
    };
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
    drop(upload);
    received.normalize(&form.definition.public);
    // What is written by now is no longer promised.
    drop(room);
    settle(app, form, sender, wants, received).await
}

/// A place for whoever may send that, and how its parts are kept apart.
fn admit(app: &App, headers: &HeaderMap, sender: Sender) -> Result<(Boundary, Upload), Refusal> {
    if Caller::of(app, headers) == Caller::Stranger {
        return Err(Refusal::Origin);
    }
    let boundary = boundary(headers)?;
    Ok((boundary, app.guard.admit(sender, &app.config.limits)?))
}

/// From what was received to what its visitor is told. The wait ends with the visitor; what comes
/// before it does not.
async fn settle(
    app: &Arc<App>,
    form: &Arc<Form>,
    sender: Sender,
    wants: Wants,
    received: Received,
) -> Result<Told, Failure> {
    let Taken { entered, reference, again } = enter(app, form, sender, wants, received).await?;
    let fail = |refusal: Refusal| Failure { refusal, draft: again };
    let answer = match entered {
        Entered::Answered(answer) => Some(answer),
        Entered::Waiting(waiter) => {
            match app.queue.wait(waiter, app.config.timeouts.first_attempt.0).await {
                Ended::Answered(answer) => {
                    hear(app, form, &reference, &answer).await;
                    Some(answer)
                }
                Ended::NotYet => None,
            }
        }
        Entered::Foreign => {
            let problem = Problem::new(Code::ReferenceShape, reference::PARAMETER, "");
            return Err(fail(Refusal::Problems(vec![problem])));
        }
    };
    if faults::at("answer").is_err() {
        return Err(fail(Refusal::Unavailable));
    }
    match answer {
        Some(Answer::Delivered(deal)) => Ok(Told::Delivered(deal)),
        Some(Answer::Refused(words)) => Err(fail(Refusal::CrmRefused(words))),
        None => Ok(Told::Received(reference)),
    }
}

/// A refusal that its visitor hears need not wait for an operator.
async fn hear(app: &App, form: &Form, reference: &Reference, answer: &Answer) {
    if matches!(answer, Answer::Refused(_))
        && let Err(error) = app.queue.standing(&form.id, reference).await
    {
        warn!(%error, "cannot write down that a refusal was heard");
    }
}

/// Room on the disk for what is announced.
fn reserve(app: &App, announced: Option<u64>) -> Result<Reservation, Refusal> {
    match app.spool.reserve(announced) {
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

fn received_body(reference: &Reference) -> ReceivedBody<'_> {
    ReceivedBody { message: "received", external_reference_id: reference.as_str() }
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
