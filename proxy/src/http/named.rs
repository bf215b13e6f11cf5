use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::Response;
use serde::de::DeserializeOwned;

use super::answer::refuse;
use super::response_format::ResponseFormat;
use crate::http::refusal::Refusal;

/// What an address names. One that is no text names no form, and is told so as everybody is.
pub(super) struct Named<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let named = Path::from_request_parts(parts, state).await;
        let unknown = |_| refuse(ResponseFormat::of(&parts.headers), &Refusal::FormUnknown);
        named.map(|Path(named)| Self(named)).map_err(unknown)
    }
}
