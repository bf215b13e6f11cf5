//! Health, readiness and metrics, for supervisors, load balancers and monitoring.

pub(super) mod cache;

use std::time::Duration;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tracing::error;

use super::response::refuse;
use super::response_format::ResponseFormat;
use crate::http::app::App;
use crate::http::refusal::Refusal;
use crate::limits::Sender;
use crate::store::{Counts, StoreError};

/// The content type that Prometheus expects.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The parts that must work so that the proxy can accept submissions. The CRM is not one of them:
/// the proxy also accepts submissions while the CRM is unavailable.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a member of the JSON")]
struct Readiness {
    ready: bool,
    /// Whether files can be written, and the disk has space for them.
    spool: bool,
    /// Whether the journal can be read.
    journal: bool,
    /// Whether the proxy is stopping.
    stopping: bool,
}

/// `GET /healthz`: shows that the process responds.
pub(super) async fn healthz() -> &'static str {
    "ok"
}

/// `GET /readyz`: whether the proxy can accept submissions; 503 if not.
pub(super) async fn readyz(State(app): State<App>) -> Response {
    let (spool, journal) = app.health.store_checks.get(check_store(&app)).await;
    let stopping = app.stopping.is_cancelled();
    let ready = spool && journal && !stopping;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let caching = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, caching, Json(Readiness { ready, spool, journal, stopping })).into_response()
}

async fn check_store(app: &App) -> (bool, bool) {
    let spool = app.store.check_files().await;
    let spool = spool.inspect_err(|error| error!(%error, "cannot write to the spool"));
    let journal = app.store.check_rows().await;
    let journal = journal.inspect_err(|error| error!(%error, "cannot read the journal"));
    (spool.unwrap_or(false), journal.is_ok())
}

async fn read_journal(app: &App) -> Option<(Counts, Option<Duration>)> {
    let read = async { Ok((app.store.counts().await?, app.store.oldest_queued().await?)) };
    let read: Result<_, StoreError> = read.await;
    read.inspect_err(|error| error!(%error, "cannot read the journal")).ok()
}

/// `GET /metrics`, only for trusted proxies and clients on the same machine.
pub(super) async fn metrics(
    State(app): State<App>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
) -> Response {
    if !sender.is_trusted_or_local(&headers, &app.config.trusted_proxies) {
        return refuse(ResponseFormat::of(&headers), &Refusal::NotFound);
    }
    app.metrics.set_uploads(app.limits.upload_count());
    app.metrics.set_paused(app.queue.has_suspects());
    let journal = app.health.journal.get(read_journal(&app)).await;
    app.metrics.set_submissions(journal.map(|(counts, _)| counts));
    app.metrics.set_oldest_queued(journal.and_then(|(_, age)| age));
    match app.store.free_bytes() {
        Ok(bytes) => app.metrics.set_free_disk(bytes),
        Err(error) => error!(%error, "cannot read the free space of the spool's disk"),
    }
    match app.metrics.encode() {
        Ok(text) => {
            ([(header::CONTENT_TYPE, HeaderValue::from_static(OPEN_METRICS))], text).into_response()
        }
        Err(error) => {
            error!(%error, "cannot encode the metrics");
            refuse(ResponseFormat::of(&headers), &Refusal::Unavailable)
        }
    }
}
