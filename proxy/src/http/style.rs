//! `GET /forms/page.css`: the stylesheet of the proxy's own pages.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::http::page::STYLE;

pub(super) async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        // The link in the pages contains a hash of the content.
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, STYLE).into_response()
}
