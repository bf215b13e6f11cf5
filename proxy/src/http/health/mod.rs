//! How the proxy is: for whoever starts it, balances its load and watches it.

pub(super) mod cache;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tracing::error;

use super::answer::refuse;
use super::response_format::ResponseFormat;
use crate::http::app::App;
use crate::http::refusal::Refusal;
use crate::limits::Sender;
use crate::store::Counts;

/// As Prometheus asks for it.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What submissions need. A CRM that is away is no part of it: without this proxy they would have
/// nowhere to go at all.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a member of the JSON")]
struct Readiness {
    ready: bool,
    /// Whether files can be written, and there is room for them.
    spool: bool,
    /// Whether the journal answers.
    journal: bool,
    /// Whether the proxy has been told to stop.
    stopping: bool,
}

/// `GET /healthz`: whether the process answers.
pub(super) async fn healthz() -> &'static str {
    "ok"
}

/// `GET /readyz`: whether submissions can be taken; 503 if not.
pub(super) async fn readyz(State(app): State<App>) -> Response {
    let (spool, journal) = app.health.able.get(able(&app)).await;
    let stopping = app.stopping.is_cancelled();
    let ready = spool && journal && !stopping;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let caching = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, caching, Json(Readiness { ready, spool, journal, stopping })).into_response()
}

async fn able(app: &App) -> (bool, bool) {
    let spool = app.store.check_files().await;
    let spool = spool.inspect_err(|error| error!(%error, "the spool takes no files"));
    let journal = app.store.check_rows().await;
    let journal = journal.inspect_err(|error| error!(%error, "the journal does not answer"));
    (spool.unwrap_or(false), journal.is_ok())
}

async fn counts(app: &App) -> Option<Counts> {
    let counts = app.store.counts().await;
    counts.inspect_err(|error| error!(%error, "the journal does not answer")).ok()
}

/// `GET /metrics`, for the proxies in front and whatever runs beside them alone.
pub(super) async fn metrics(
    State(app): State<App>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
) -> Response {
    if !sender.is_within(&headers, &app.config.trusted_proxies) {
        return refuse(ResponseFormat::of(&headers), &Refusal::NotFound);
    }
    app.metrics.uploads(app.limits.uploads());
    app.metrics.paused(app.queue.has_suspects());
    app.metrics.submissions(app.health.counts.get(counts(&app)).await);
    match app.metrics.text() {
        Ok(text) => {
            ([(header::CONTENT_TYPE, HeaderValue::from_static(OPEN_METRICS))], text).into_response()
        }
        Err(error) => {
            error!(%error, "the metrics cannot be written");
            refuse(ResponseFormat::of(&headers), &Refusal::Unavailable)
        }
    }
}
