//! The endpoint `/site/api/crm_add_deal`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::http::header::{ALLOW, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use crate::add_deal::AddDeal;
use crate::app::App;
use crate::calls::{CallResponse, OpenCall, Outcome};
use crate::crm::{self, AddDealError, StoredDeal};
use crate::faults::{DelayTimer, Delays, Fault, FaultKind, When};
use crate::intake::{Intake, IntakeError, Received, media_type};
use crate::refusal::Refusal;
use crate::reply::{Failure, Success};
use crate::server::HangUp;

/// How a call ends.
enum Ending {
    Response(Response),
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
    match serve_call(app, request).await {
        Ending::Response(response) => response,
        Ending::HangUp => match hang_up.close().await {},
    }
}

async fn serve_call(app: Arc<App>, request: Request) -> Ending {
    let call = app.calls.begin(request.method().as_str(), media_type(request.headers()));
    let (fault, timer) = app.faults.take_next();
    let delays = fault.as_ref().map_or_else(Delays::default, |fault| fault.delays);

    timer.wait(delays.reading).await;
    if let Some(ending) = apply_fault(fault.as_ref(), When::BeforeReading, &call) {
        app.bump_revision();
        return ending;
    }
    let folder = app.store.incoming();
    let intake = Intake { folder: &folder, attachment_limit: app.attachment_limit };
    let received = intake.read(request).await;

    // PHP runs a script to its end even if the client has disconnected, so a call that was read is
    // stored. The task therefore has to outlive the connection.
    let finish = app.tasks.spawn({
        let app = Arc::clone(&app);
        async move {
            let ending = finish_call(&app, call, (fault, delays, timer), received).await;
            app.bump_revision();
            ending
        }
    });
    finish.await.unwrap_or_else(|error| {
        tracing::error!(%error, "the task that served a call failed");
        Ending::Response(StatusCode::INTERNAL_SERVER_ERROR.into_response())
    })
}

/// Serves the rest of a call after its request has been read.
async fn finish_call(
    app: &Arc<App>,
    call: OpenCall,
    (fault, delays, timer): (Option<Fault>, Delays, DelayTimer),
    received: Result<Received, IntakeError>,
) -> Ending {
    if let Ok(received) = &received {
        call.update(|call| call.summary = received.summary.clone());
    }
    let parameters = received.as_ref().ok().map(|received| &received.parameters);
    let reference = parameters.and_then(|sent| sent.owned_text("external_reference_id"));
    // Held until the response is ready.
    let _processing = reference.map(|reference| call.process(reference));
    timer.wait(delays.storing).await;
    if let Some(ending) = apply_fault(fault.as_ref(), When::BeforeStoring, &call) {
        return ending;
    }
    let result = match received {
        Ok(received) => store(app, received).await,
        Err(error) => {
            tracing::debug!(%error, "cannot read a request");
            Err(Refusal::Unreadable.into())
        }
    };
    call.update(|call| match &result {
        Ok(stored) => {
            call.outcome = stored.change.into();
            call.deal_id = Some(stored.deal.deal_id);
            call.ignored.clone_from(&stored.ignored);
        }
        Err(AddDealError::Refused(refusal)) => {
            call.outcome = Outcome::Refused;
            call.error_message = Some(refusal.to_string());
        }
        Err(AddDealError::Store(_)) => call.outcome = Outcome::NotStored,
    });
    // The deal is stored now, even if a fault delays the response.
    app.bump_revision();
    timer.wait(delays.responding).await;
    if let Some(ending) = apply_fault(fault.as_ref(), When::AfterStoring, &call) {
        return ending;
    }
    let (logged, response) = match result {
        Ok(stored) => (CallResponse::Json, Json(Success::from(&stored.deal)).into_response()),
        Err(AddDealError::Refused(refusal)) => (CallResponse::Json, refused(&refusal)),
        Err(AddDealError::Store(error)) => {
            tracing::error!(error = %with_causes(&error), "cannot store a deal");
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            (CallResponse::Status(status.as_u16()), status.into_response())
        }
    };
    call.finish(logged);
    Ending::Response(response)
}

async fn store(app: &Arc<App>, mut received: Received) -> Result<StoredDeal, AddDealError> {
    received.parameters.set_empty_values(app.empty_values);
    match received.parameters.text("key") {
        None => return Err(Refusal::NoKey.into()),
        Some(key) if !app.key.matches(key) => return Err(Refusal::WrongKey.into()),
        Some(_) => {}
    }
    let input = AddDeal::parse(received.parameters)?;
    let app = Arc::clone(app);
    app.run_blocking(move |app| crm::add_deal(&app.store, input, received.uploads, &app.company))
        .await
}

/// Ends the call if the call's fault takes effect at this step.
fn apply_fault(fault: Option<&Fault>, step: When, call: &OpenCall) -> Option<Ending> {
    let fault = fault.filter(|fault| fault.when == step)?;
    let (response, ending) = match &fault.kind {
        FaultKind::Delay => return None,
        FaultKind::Drop => (CallResponse::Dropped, Ending::HangUp),
        FaultKind::Refuse { error_message } => {
            let refusal = Refusal::OnDemand(error_message.clone());
            call.update(|call| call.error_message = Some(refusal.to_string()));
            (CallResponse::Json, Ending::Response(refused(&refusal)))
        }
        FaultKind::Status { code, retry_after } => {
            let mut response = (*code, "The CRM fails on demand.\n").into_response();
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(RETRY_AFTER, (*seconds).into());
            }
            (CallResponse::Status(code.as_u16()), Ending::Response(response))
        }
        FaultKind::Success { deal_id, external_reference_id } => {
            let success = Success::claiming(deal_id, external_reference_id);
            (CallResponse::Json, Ending::Response(Json(success).into_response()))
        }
        FaultKind::Html => {
            let page = "<!doctype html><html lang=en><title>Maintenance</title>\
                        <h1>We will be back soon</h1>";
            (CallResponse::Html, Ending::Response(Html(page).into_response()))
        }
    };
    call.finish(response);
    Some(ending)
}

fn refused(refusal: &Refusal) -> Response {
    Json(Failure { error_message: refusal.to_string() }).into_response()
}

/// Formats an error and its causes for the log.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
