//! HTTP, without knowing what an answer means: JSON by `GET`, and the upload of a form by `POST`.

pub(crate) mod get;
pub(crate) mod upload;

/// The address of a resource below the one that a form is posted to. Drops the query and the
/// fragment.
pub(crate) fn below(url: &str, path: &str) -> String {
    let form = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    format!("{form}/{path}")
}
