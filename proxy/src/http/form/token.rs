//! `GET /forms/{id}/token`: the data that a page needs to prove that a person uses it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use tracing::error;

use crate::bots::BotCheck;
use crate::http::language;
use crate::http::path_params::PathParams;
use crate::http::refusal::Refusal;
use crate::http::response::{refuse, refuse_in};
use crate::http::response_format::ResponseFormat;
use crate::settings::config::Config;
use crate::settings::forms::Forms;

/// Returns the data for the proofs. Each response is for one page, so caches must not store it. If the form
/// requires no proof, the response is 404.
pub(in crate::http) async fn token(
    State(config): State<Arc<Config>>,
    State(forms): State<Arc<Forms>>,
    State(bots): State<Arc<BotCheck>>,
    PathParams(id): PathParams<String>,
    uri: Uri,
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
            error!(%error, "cannot get random numbers from the system");
            let localizer = &language::choose(form, &uri, &headers).localizer;
            refuse_in(localizer, format, &Refusal::Unavailable)
        }
    }
}
