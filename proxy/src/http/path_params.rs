use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::Response;
use serde::de::DeserializeOwned;

use super::response::refuse;
use super::response_format::ResponseFormat;
use crate::http::refusal::Refusal;

/// The parameters in the path of a request. If they are not valid UTF-8, the response is the same
/// refusal as for an unknown form.
pub(super) struct PathParams<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for PathParams<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let params = Path::from_request_parts(parts, state).await;
        let unknown = |_| refuse(ResponseFormat::of(&parts.headers), &Refusal::FormUnknown);
        params.map(|Path(params)| Self(params)).map_err(unknown)
    }
}
