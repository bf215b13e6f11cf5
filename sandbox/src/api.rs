//! `/site/api/crm_add_deal`: one call, from its first byte to the answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use crate::add_deal::AddDeal;
use crate::app::App;
use crate::calls::{Answer, OpenCall, Outcome};
use crate::crm::{self, Failed, Stored};
use crate::faults::{Delays, Fault, Kind, Patience, When};
use crate::intake::{Intake, IntakeError, Received};
use crate::refusal::Refusal;
use crate::reply::{Failure, Success};
use crate::server::HangUp;

/// What a call comes to.
enum End {
    Answer(Response),
    HangUp,
}

pub(crate) async fn add_deal(
    State(app): State<Arc<App>>,
    Extension(hang_up): Extension<HangUp>,
    request: Request,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::POST) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, POST")]).into_response();
    }
    match served(app, request).await {
        End::Answer(response) => response,
        End::HangUp => match hang_up.now().await {},
    }
}

async fn served(app: Arc<App>, request: Request) -> End {
    let content_type = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok()?.split(';').next())
        .map(|essence| essence.trim().to_owned());
    let call = app.calls.begin(request.method().as_str(), content_type);
    let (fault, patience) = app.faults.take();
    let delays = fault.as_ref().map_or_else(Delays::default, |fault| fault.delays);

    patience.bear(delays.reading).await;
    if let Some(end) = cut_in(fault.as_ref(), When::BeforeReading, &call) {
        app.changed();
        return end;
    }
    let folder = app.store.incoming();
    let intake = Intake { folder: &folder, attachment_limit: app.attachment_limit };
    let received = intake.read(request).await;

    // PHP runs a script to its end even when the client has left meanwhile: a call that was read
    // is stored. So this must outlive the connection.
    let finish = app.tasks.spawn({
        let app = Arc::clone(&app);
        async move {
            let end = finish(&app, call, (fault, delays, patience), received).await;
            app.changed();
            end
        }
    });
    finish.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a call was not served to its end");
        End::Answer(StatusCode::INTERNAL_SERVER_ERROR.into_response())
    })
}

/// Everything after the last byte of the request.
async fn finish(
    app: &Arc<App>,
    call: OpenCall,
    (fault, delays, patience): (Option<Fault>, Delays, Patience),
    received: Result<Received, IntakeError>,
) -> End {
    if let Ok(received) = &received {
        call.note(|call| call.heard = received.heard.clone());
    }
    patience.bear(delays.storing).await;
    if let Some(end) = cut_in(fault.as_ref(), When::BeforeStoring, &call) {
        return end;
    }
    let done = match received {
        Ok(received) => store(app, received).await,
        Err(error) => {
            tracing::debug!(%error, "a request could not be read");
            Err(Refusal::Unreadable.into())
        }
    };
    call.note(|call| match &done {
        Ok(stored) => {
            call.outcome = stored.change.into();
            call.deal_id = Some(stored.deal.deal_id);
            call.ignored.clone_from(&stored.ignored);
        }
        Err(Failed::Refused(refusal)) => {
            call.outcome = Outcome::Refused;
            call.error_message = Some(refusal.to_string());
        }
        Err(Failed::Store(_)) => call.outcome = Outcome::NotStored,
    });
    // The deal stands from here on, however late its answer is.
    app.changed();
    patience.bear(delays.answering).await;
    if let Some(end) = cut_in(fault.as_ref(), When::AfterStoring, &call) {
        return end;
    }
    let (answer, response) = match done {
        Ok(stored) => (Answer::Json, Json(Success::from(&stored.deal)).into_response()),
        Err(Failed::Refused(refusal)) => (Answer::Json, refused(&refusal)),
        Err(Failed::Store(error)) => {
            tracing::error!(error = %with_causes(&error), "a deal could not be stored");
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            (Answer::Status(status.as_u16()), status.into_response())
        }
    };
    call.answered(answer);
    End::Answer(response)
}

async fn store(app: &Arc<App>, mut received: Received) -> Result<Stored, Failed> {
    received.parameters.read_empty_values_as(app.empty_values);
    match received.parameters.text("key") {
        None => return Err(Refusal::NoKey.into()),
        Some(key) if !app.key.is(key) => return Err(Refusal::WrongKey.into()),
        Some(_) => {}
    }
    let wish = AddDeal::parse(received.parameters)?;
    let app = Arc::clone(app);
    app.blocking(move |app| crm::add_deal(&app.store, wish, received.uploads, &app.company)).await
}

/// The end that a fault puts to a call at this step, if it does.
fn cut_in(fault: Option<&Fault>, step: When, call: &OpenCall) -> Option<End> {
    let fault = fault.filter(|fault| fault.when == step)?;
    let (answer, end) = match &fault.kind {
        Kind::Delay => return None,
        Kind::Drop => (Answer::Dropped, End::HangUp),
        Kind::Refuse { error_message } => {
            let refusal = Refusal::OnDemand(error_message.clone());
            call.note(|call| call.error_message = Some(refusal.to_string()));
            (Answer::Json, End::Answer(refused(&refusal)))
        }
        Kind::Status { code, retry_after } => {
            let mut response = (*code, "The CRM fails on demand.\n").into_response();
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(RETRY_AFTER, (*seconds).into());
            }
            (Answer::Status(code.as_u16()), End::Answer(response))
        }
        Kind::Success { deal_id, external_reference_id } => {
            let success = Success::claiming(deal_id, external_reference_id);
            (Answer::Json, End::Answer(Json(success).into_response()))
        }
        Kind::Html => {
            let page = "<!doctype html><html lang=en><title>Maintenance</title>\
                        <h1>We will be back soon</h1>";
            (Answer::Html, End::Answer(Html(page).into_response()))
        }
    };
    call.answered(answer);
    Some(end)
}

fn refused(refusal: &Refusal) -> Response {
    Json(Failure { error_message: refusal.to_string() }).into_response()
}

/// An error with what lies behind it, for the log.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
