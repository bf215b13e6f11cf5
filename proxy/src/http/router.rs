//! The proxy's routes: which handler responds at each address.

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use deal_contract::protocol::path;

use super::app::App;
use super::metrics::FORM_ROUTE;
use super::refusal::Refusal;
use super::response_format::ResponseFormat;
use super::{edge, form, health, origin, page, response, site, status, style};

/// Returns all routes of the proxy.
pub(crate) fn all(app: App) -> Router {
    Router::new()
        .route(FORM_ROUTE, get(form::show).post(form::submit))
        .route(&format!("{FORM_ROUTE}/{}", path::TOKEN), get(form::token))
        .route(&format!("{FORM_ROUTE}/{}/{{reference}}", path::SUBMISSIONS), get(status::status))
        .route(page::STYLE_PATH, get(style::page))
        .route(page::PLAIN_STYLE_PATH, get(style::plain))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .method_not_allowed_fallback(refuse_method)
        .fallback(site::serve_file)
        .layer(from_fn_with_state(app.clone(), origin::cross_origin))
        .layer(from_fn_with_state(app.clone(), edge::edge))
        .with_state(app)
}

async fn refuse_method(request: Request) -> Response {
    response::refuse(ResponseFormat::of(request.headers()), &Refusal::MethodNotAllowed)
}
