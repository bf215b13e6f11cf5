//! Responses that several handlers use.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use deal_contract::protocol::RefusalCode;
use maud::Markup;

use super::response_format::ResponseFormat;
use crate::bots::BotSuspicion;
use crate::http::page;
use crate::http::refusal::Refusal;
use crate::settings::Localizer;

/// The `Retry-After` of responses with status 503.
const RETRY_SECONDS: u64 = 60;

/// Returns a refusal in English, for requests that do not belong to a form, as JSON or as a page.
pub(super) fn refuse(format: ResponseFormat, refusal: &Refusal) -> Response {
    refuse_in(&Localizer::english(), format, refusal)
}

/// Returns a refusal in the form's language, as JSON or as a page.
pub(super) fn refuse_in(
    localizer: &Localizer,
    format: ResponseFormat,
    refusal: &Refusal,
) -> Response {
    match format {
        ResponseFormat::Json => {
            with_refusal(refusal, Json(refusal.body(localizer)).into_response())
        }
        ResponseFormat::Html => with_refusal(refusal, html(page::refused(refusal, localizer))),
    }
}

/// Sets the status and headers of a refusal on the response.
pub(super) fn with_refusal(refusal: &Refusal, mut response: Response) -> Response {
    *response.status_mut() = refusal.status();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let wait = match (refusal, refusal.status()) {
        (
            Refusal::TooMany { seconds } | Refusal::BotSuspicion(BotSuspicion::TooFast { seconds }),
            _,
        ) => Some(*seconds),
        (_, StatusCode::SERVICE_UNAVAILABLE) => Some(RETRY_SECONDS),
        _ => None,
    };
    if let Some(seconds) = wait {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response.extensions_mut().insert(ResponseCode(refusal.code()));
    response
}

/// Returns a response with an HTML page.
pub(super) fn html(page: Markup) -> Response {
    axum::response::Html(page.into_string()).into_response()
}

/// The code of the refusal, as an extension of the response, for the log and the metrics.
#[derive(Debug, Clone, Copy)]
pub(super) struct ResponseCode(pub(super) RefusalCode);
