//! The list of addresses, and a file for each.

mod answer;
mod edge;
mod form;
mod health;
mod named;
mod origin;
mod site;
mod status;
mod style;
mod wants;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;

pub(crate) use self::edge::page_policy;
pub(crate) use self::health::Health;
pub(crate) use self::site::folder as site_folder;
use self::wants::Wants;
use crate::App;
use crate::refusal::Refusal;

/// Where a form is shown and sent to.
pub(crate) const FORM: &str = "/forms/{id}";

/// Every address of the proxy.
pub(crate) fn all(app: Arc<App>) -> Router {
    Router::new()
        .route(FORM, get(form::show).post(form::submit))
        .route("/forms/{id}/token", get(form::token))
        .route("/forms/{id}/submissions/{reference}", get(status::status))
        .route(crate::page::STYLE_PATH, get(style::style))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .method_not_allowed_fallback(wrong_method)
        .fallback(site::file)
        .layer(from_fn_with_state(Arc::clone(&app), origin::cross_origin))
        .layer(from_fn_with_state(Arc::clone(&app), edge::edge))
        .with_state(app)
}

async fn wrong_method(request: Request) -> Response {
    answer::refuse(Wants::of(request.headers()), &Refusal::Method)
}
