//! `/forms/{id}`: the addresses of a form.

mod enqueue;
mod failure;
mod hidden_values;
mod initial_answers;
mod submit;
mod thank_you;
mod token;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::language;
use super::path_params::PathParams;
use super::response::{html, refuse, refuse_in};
use super::response_format::ResponseFormat;
use crate::bots::BotCheck;
use crate::http::page::{self, Draft};
use crate::http::refusal::Refusal;
use crate::settings::forms::{Form, Forms, LocalizedForm};

pub(super) use self::submit::submit;
pub(super) use self::token::token;

/// Handles `GET`: returns the form's public half as JSON, or the proxy's own page with the form.
pub(super) async fn show(
    State(forms): State<Arc<Forms>>,
    State(bots): State<Arc<BotCheck>>,
    PathParams(id): PathParams<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let format = ResponseFormat::of(&headers);
    let Some(form) = forms.get(&id) else {
        let mut response = refuse(format, &Refusal::FormUnknown);
        response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
        return response;
    };
    let localized = language::choose(form, &uri, &headers);
    let mut response = match format {
        ResponseFormat::Json => definition(localized, &headers),
        ResponseFormat::Html => own_page(&bots, form, localized, &uri, &headers),
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    language::declare(&mut response, localized);
    response
}

fn definition(form: &LocalizedForm, headers: &HeaderMap) -> Response {
    let caching = [
        (header::ETAG, form.etag.clone()),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60")),
    ];
    if is_known(&form.etag, headers) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let json = [(header::CONTENT_TYPE, "application/json")];
    (caching, json, form.json.clone()).into_response()
}

/// Returns whether the client already has this version (RFC 9110 13.1.2: weak comparison).
pub(super) fn is_known(etag: &HeaderValue, headers: &HeaderMap) -> bool {
    let etag = etag.to_str().unwrap_or_default();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// Returns the proxy's own page. It contains one visitor's draft and hidden values, so shared caches
/// must not store it. The visitor's browser is allowed to store it: *Back* then returns to the draft
/// and the typed answers.
fn own_page(
    bots: &BotCheck,
    form: &Form,
    localized: &LocalizedForm,
    uri: &Uri,
    headers: &HeaderMap,
) -> Response {
    let LocalizedForm { localizer, public, .. } = localized;
    let Ok(reference) = crate::settings::random::reference() else {
        return refuse_in(localizer, ResponseFormat::Html, &Refusal::Unavailable);
    };
    let mut values = hidden_values::hidden_values(public, uri, headers);
    values.extend(initial_answers::initial_answers(public, uri));
    let draft = Draft::new(reference, values).with_token(bots.fresh_token(form));
    let mut response = html(page::form(localized, &draft));
    let caching = HeaderValue::from_static("private, no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, caching);
    response
}
