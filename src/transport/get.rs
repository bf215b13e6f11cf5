//! Requests JSON with `GET` and gloo-net: a form's public definition, a language's catalog, the
//! status of a submission, or a token.

use std::time::Duration;

use gloo_net::Error;
use gloo_net::http::Response;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, RequestInit};

use crate::browser::{later, window};
use crate::json::{JsJson, object};

/// Why a request returned no JSON.
#[derive(Debug)]
pub(crate) struct GetError {
    /// A sentence for developers.
    pub(crate) reason: String,
    /// Whether the server has responded that the address does not exist.
    pub(crate) is_missing: bool,
}

impl From<String> for GetError {
    fn from(reason: String) -> Self {
        Self { reason, is_missing: false }
    }
}

impl From<Error> for GetError {
    fn from(error: Error) -> Self {
        // gloo-net's other errors come from its JSON and its sockets, which are not used.
        let Error::JsError(error) = error else { return Self::from(String::new()) };
        Self::from(error.message)
    }
}

/// Passes the JSON at this address to `then`. Stops after `limit`, if there is one. Requests the
/// language `lang`, or the browser's language if `lang` is `None`.
///
/// `prefetched` is a `Response` from this address, or a promise for one, if another script has
/// already requested it, and `undefined` otherwise.
pub(crate) fn get(
    address: String,
    limit: Option<Duration>,
    lang: Option<String>,
    prefetched: JsValue,
    then: impl FnOnce(Result<JsJson, GetError>) + 'static,
) {
    let then: Box<dyn FnOnce(Result<JsJson, GetError>)> = Box::new(then);
    spawn_local(async move { then(fetch(address, limit, lang, prefetched).await) });
}

async fn fetch(
    address: String,
    limit: Option<Duration>,
    lang: Option<String>,
    prefetched: JsValue,
) -> Result<JsJson, GetError> {
    let prefetched = JsFuture::from(Promise::resolve(&prefetched)).await.unwrap_or_default();
    let mut abort = None;
    let response = if prefetched.is_null_or_undefined() {
        let mut signal = JsValue::UNDEFINED;
        if let Some(limit) = limit
            && let Ok(controller) = AbortController::new()
        {
            signal = controller.signal().into();
            abort = later(limit, move || controller.abort());
        }
        let mut language = ("accept", JsValue::from("application/json"));
        let accept = language.clone();
        if let Some(lang) = lang {
            language = ("accept-language", lang.into());
        }
        let headers = object([accept, language]);
        let options: RequestInit =
            object([("headers", headers), ("signal", signal)]).unchecked_into();
        // gloo-net's builder would parse and rewrite the address to add a query.
        let request = web_sys::Request::new_with_str_and_init(&address, &options);
        let request = request.map_err(|error| message(&error))?;
        // gloo-net's `send` panics if a `fetch` that the page has replaced fails with anything other
        // than an `Error`.
        let sent = JsFuture::from(window().fetch_with_request(&request)).await;
        sent.map_err(|error| message(&error))?
    } else {
        prefetched
    };
    let response = Response::from(response.unchecked_into::<web_sys::Response>());
    if !response.ok() {
        let status = response.status();
        let reason = [&address, " responded with status ", &status.to_string()].concat();
        return Err(GetError { reason, is_missing: matches!(status, 404 | 410) });
    }
    let json = JsJson::parse(&response.text().await?);
    // The limit includes the time until the body has arrived.
    drop(abort);
    json.ok_or_else(|| GetError::from(address + " did not return JSON"))
}

fn message(error: &JsValue) -> String {
    let error = error.dyn_ref::<js_sys::Error>();
    error.map(|error| String::from(error.message())).unwrap_or_default()
}
