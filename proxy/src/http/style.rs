//! The stylesheets: `GET /forms/page.css` for the proxy's own pages, and `GET /deal-form.css` for plain
//! forms in landing pages.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use deal_form_style::PLAIN_STYLESHEET;

use super::form::is_known;
use super::page::{STYLE, short_hash};

const CSS: (header::HeaderName, &str) = (header::CONTENT_TYPE, "text/css; charset=utf-8");

/// Handles `GET /forms/page.css`.
pub(super) async fn page() -> Response {
    // The link in the pages contains a hash of the content.
    let caching = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    ([CSS, caching], STYLE.as_str()).into_response()
}

/// Handles `GET /deal-form.css`. As with the files of the widget, browsers ask each time whether the
/// stylesheet has changed: landing pages link to it without a hash.
pub(super) async fn plain(headers: HeaderMap) -> Response {
    let etag = format!("\"{}\"", short_hash(PLAIN_STYLESHEET));
    let Ok(etag) = HeaderValue::try_from(etag) else {
        return ([CSS], PLAIN_STYLESHEET).into_response();
    };
    let caching = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    if is_known(&etag, &headers) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [CSS], PLAIN_STYLESHEET).into_response()
}
