//! The routes of the sandbox.

use std::collections::VecDeque;
use std::future::ready;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Form, Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, any, get, post};
use axum::{Json, Router, middleware};
use serde::{Deserialize, Serialize};
use tokio_util::io::ReaderStream;

use crate::api::{self, with_causes};
use crate::app::App;
use crate::calls::Call;
use crate::faults::{self, Fault, Times};
use crate::page::{self, FaultButton};
use crate::records::{DealDetails, FileId};
use crate::store::StoreError;

/// Allows only the sandbox's own style and script, so no submitted value can run or load anything.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
                      connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/site/api/crm_add_deal", any(api::add_deal).layer(DefaultBodyLimit::disable()))
        .route("/", get(front_page))
        .route("/sandbox.css", asset("text/css", include_str!("page/sandbox.css")))
        .route("/sandbox.js", asset("text/javascript", include_str!("page/sandbox.js")))
        .route("/icon.svg", asset("image/svg+xml", include_str!("page/icon.svg")))
        .route("/revision", get(revision))
        .route("/deals.json", get(deals))
        .route("/requests.json", get(requests))
        .route("/files/{id}", get(file))
        .route(
            "/faults",
            get(list_faults).put(put_faults).delete(delete_faults).post(submit_fault_form),
        )
        .route("/reset", post(reset))
        .layer(middleware::map_response(add_security_headers))
        .with_state(app)
}

/// Adds security headers, unless the handler has set its own.
async fn add_security_headers(mut response: Response) -> Response {
    let headers: [(HeaderName, &'static str); 4] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in headers {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// A failure of the store. Its cause is logged, but not sent to the client.
struct StoreFailure(StoreError);

impl From<StoreError> for StoreFailure {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl IntoResponse for StoreFailure {
    fn into_response(self) -> Response {
        tracing::error!(error = %with_causes(&self.0), "the store failed");
        (StatusCode::INTERNAL_SERVER_ERROR, "The store failed. The sandbox's log has the cause.\n")
            .into_response()
    }
}

async fn front_page(State(app): State<Arc<App>>) -> Result<impl IntoResponse, StoreFailure> {
    // Read the revision before the deals: if a deal is added in between, the page then refreshes once
    // more.
    let revision = app.revision();
    let deals = Arc::clone(&app).run_blocking(|app| app.store.deals()).await?;
    Ok(Html(page::render(&app, revision, &deals).into_string()))
}

/// Serves a file that is part of the program.
fn asset<S: Clone + Send + Sync + 'static>(
    media_type: &'static str,
    text: &'static str,
) -> MethodRouter<S> {
    get(move || ready(([(CONTENT_TYPE, format!("{media_type}; charset=utf-8"))], text)))
}

async fn revision(State(app): State<Arc<App>>) -> String {
    app.revision().to_string()
}

async fn deals(State(app): State<Arc<App>>) -> Result<Json<Vec<DealDetails>>, StoreFailure> {
    Ok(Json(app.run_blocking(|app| app.store.deals()).await?))
}

async fn requests(State(app): State<Arc<App>>) -> Json<Vec<Call>> {
    Json(app.calls.list())
}

async fn file(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Response, StoreFailure> {
    let Some(id) = FileId::parse(&id) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let Some((name, path)) = app.run_blocking(move |app| app.store.file(id)).await? else {
        return Ok((StatusCode::NOT_FOUND, "The file does not exist.\n").into_response());
    };
    let file = tokio::fs::File::open(path).await.map_err(StoreError::from)?;
    let size = file.metadata().await.map_err(StoreError::from)?.len();
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_LENGTH, size.to_string()),
        (CONTENT_DISPOSITION, content_disposition(&name)),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

/// Returns the `Content-Disposition` of a download according to RFC 6266: an ASCII name for old
/// clients, and the full name.
fn content_disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' })
        .collect();
    let full: String = name
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

async fn list_faults(State(app): State<Arc<App>>) -> Json<Vec<Fault>> {
    Json(app.faults.list())
}

#[derive(Debug, Serialize)]
struct ErrorBody {
    error: String,
}

async fn put_faults(State(app): State<Arc<App>>, body: Bytes) -> Response {
    match faults::parse(&body) {
        Ok(faults) => {
            app.faults.replace(faults);
            app.bump_revision();
            Json(app.faults.list()).into_response()
        }
        Err(error) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Json(ErrorBody { error: error.to_string() }))
                .into_response()
        }
    }
}

async fn delete_faults(State(app): State<Arc<App>>) -> StatusCode {
    app.faults.clear();
    app.bump_revision();
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
struct FaultForm {
    fault: FaultButton,
    /// A checkbox: present if checked.
    until_cleared: Option<String>,
}

/// Handles the fault buttons of the page.
async fn submit_fault_form(State(app): State<Arc<App>>, Form(form): Form<FaultForm>) -> Redirect {
    let times = match form.until_cleared {
        Some(_) => Times::UntilCleared,
        None => Times::Remaining(NonZeroU32::MIN),
    };
    match form.fault.fault(times) {
        Some(fault) => app.faults.replace(VecDeque::from([fault])),
        None => app.faults.clear(),
    }
    app.bump_revision();
    Redirect::to("/")
}

async fn reset(State(app): State<Arc<App>>) -> Result<StatusCode, StoreFailure> {
    Arc::clone(&app).run_blocking(|app| app.store.reset()).await?;
    app.faults.clear();
    app.calls.clear();
    app.bump_revision();
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::content_disposition;

    #[test]
    fn a_download_has_the_name_of_the_original_file() {
        assert_eq!(
            content_disposition("Größe \"A\".pdf"),
            "attachment; filename=\"Gr__e _A_.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%22A%22.pdf"
        );
    }
}
