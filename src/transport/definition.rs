//! Fetching a form's public definition.

use deal_contract::definition::{NotADefinition, PublicDefinition};
use gloo_net::http::Request;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::json::JsJson;

/// Why there is no form to show.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DefinitionError {
    /// No connection, or the page's origin is not allowed.
    #[error("cannot reach the form's address: {0}")]
    Unreachable(gloo_net::Error),
    /// The answer was no success.
    #[error("the form's address answered with status {0}")]
    Status(u16),
    /// The answer was no JSON.
    #[error("the form's address did not answer with JSON")]
    NotJson,
    /// The JSON is no form.
    #[error("this is no form definition: {0}")]
    NotAForm(NotADefinition),
}

/// Fetches the definition from the form's own address.
pub(crate) async fn fetch(src: &str) -> Result<PublicDefinition, DefinitionError> {
    let response = Request::get(src)
        .header("accept", "application/json")
        .send()
        .await
        .map_err(DefinitionError::Unreachable)?;
    if !response.ok() {
        return Err(DefinitionError::Status(response.status()));
    }
    // The browser parses: serde_json would cost the bundle 20 kB.
    let json = web_sys::Response::from(response).json().map_err(|_| DefinitionError::NotJson)?;
    let json = JsFuture::from(json).await.map_err(|_| DefinitionError::NotJson)?;
    from_js(json)
}

/// The definition given by a page, as an object.
pub(crate) fn from_js(value: JsValue) -> Result<PublicDefinition, DefinitionError> {
    PublicDefinition::read(&JsJson(value)).map_err(DefinitionError::NotAForm)
}
