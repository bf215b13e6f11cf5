//! HTTP requests: JSON with `GET`, and the upload of a form with `POST`. Does not interpret
//! responses.

pub(crate) mod get;
pub(crate) mod upload;

/// Returns the address of a resource below the address that a form is posted to, without the query
/// and the fragment.
pub(crate) fn below(url: &str, path: &str) -> String {
    let form = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    format!("{form}/{path}")
}
