//! `GET /forms/{id}/token`: what a page has to bring back with a submission.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tracing::error;

use crate::bots::BotCheck;
use crate::http::answer::{refuse, refuse_in};
use crate::http::named::Named;
use crate::http::refusal::Refusal;
use crate::http::response_format::ResponseFormat;
use crate::settings::config::Config;
use crate::settings::forms::Forms;

/// Each is for one page: never kept. A form that asks for nothing has none.
pub(in crate::http) async fn token(
    State(config): State<Arc<Config>>,
    State(forms): State<Arc<Forms>>,
    State(bots): State<Arc<BotCheck>>,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Response {
    let format = ResponseFormat::of(&headers);
    let form = forms.get(&id);
    let Some(form) = form.filter(|form| !form.definition.public.proof.is_none()) else {
        return refuse(format, &Refusal::NotFound);
    };
    match bots.proof_request(form, &config.captcha) {
        Ok(request) => {
            let caching = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (caching, Json(request)).into_response()
        }
        Err(error) => {
            error!(%error, "the system has no random numbers");
            refuse_in(&form.localizer, format, &Refusal::Unavailable)
        }
    }
}
