//! Health, readiness and metrics, for supervisors, load balancers and monitoring.

pub(super) mod cache;
mod reason;

use std::io;
use std::time::Duration;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tracing::error;

use self::reason::Reason;
use super::response::refuse;
use super::response_format::ResponseFormat;
use crate::http::app::App;
use crate::http::refusal::Refusal;
use crate::limits::Sender;
use crate::store::{Counts, StoreError};

/// The content type that Prometheus expects.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Whether the proxy can accept submissions. The state of the CRM is ignored: the proxy also accepts
/// submissions while the CRM is unavailable.
#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    /// Why the proxy cannot accept submissions; empty if it can.
    reasons: Vec<Reason>,
}

/// Handles `GET /healthz`: shows that the process responds.
pub(super) async fn healthz() -> &'static str {
    "ok"
}

/// Handles `GET /readyz`: reports whether the proxy can accept submissions, with 503 if not.
pub(super) async fn readyz(State(app): State<App>) -> Response {
    let stopping = app.stopping.is_cancelled().then_some(Reason::Stopping);
    let store = app.health.store_checks.get(check_store(&app)).await;
    let reasons: Vec<_> = [stopping].into_iter().chain(store).flatten().collect();
    let ready = reasons.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let caching = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, caching, Json(Readiness { ready, reasons })).into_response()
}

/// Checks the journal and the spool. Returns why they cannot take submissions, with `None` for each that can.
async fn check_store(app: &App) -> [Option<Reason>; 2] {
    let journal = app.store.check_rows().await.err().map(|error| {
        error!(%error, "cannot read the journal");
        Reason::JournalUnreadable
    });
    let spool = match app.store.check_files().await {
        Ok(true) => None,
        Ok(false) => Some(Reason::DiskFull),
        Err(error) => {
            error!(%error, "cannot write to the spool");
            let is_full = error.kind() == io::ErrorKind::StorageFull;
            Some(if is_full { Reason::DiskFull } else { Reason::SpoolNotWritable })
        }
    };
    [journal, spool]
}

async fn read_journal(app: &App) -> Option<(Counts, Option<Duration>)> {
    let read = async { Ok((app.store.counts().await?, app.store.oldest_queued().await?)) };
    let read: Result<_, StoreError> = read.await;
    read.inspect_err(|error| error!(%error, "cannot read the journal")).ok()
}

/// Handles `GET /metrics`, only for trusted proxies and clients on the same machine.
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
