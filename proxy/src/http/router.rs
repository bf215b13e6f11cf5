//! The list of all addresses.

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
use super::{answer, edge, form, health, origin, site, status, style};

/// Every address of the proxy.
pub(crate) fn all(app: App) -> Router {
    Router::new()
        .route(FORM_ROUTE, get(form::show).post(form::submit))
        .route(&format!("{FORM_ROUTE}/{}", path::TOKEN), get(form::token))
        .route(&format!("{FORM_ROUTE}/{}/{{reference}}", path::SUBMISSIONS), get(status::status))
        .route(super::page::STYLE_PATH, get(style::style))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .method_not_allowed_fallback(wrong_method)
        .fallback(site::file)
        .layer(from_fn_with_state(app.clone(), origin::cross_origin))
        .layer(from_fn_with_state(app.clone(), edge::edge))
        .with_state(app)
}

async fn wrong_method(request: Request) -> Response {
    answer::refuse(ResponseFormat::of(request.headers()), &Refusal::Method)
}
