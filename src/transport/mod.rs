//! HTTP: what a form is made of comes by `GET`, each attempt to send is one `POST`,
//! and a `GET` asks what became of it.

pub(crate) mod answer;
pub(crate) mod failure;
pub(crate) mod get;
pub(crate) mod request;
pub(crate) mod status;

/// What stands below the address that a form is posted to. A query or a fragment is no part of the
/// path.
pub(crate) fn below(url: &str, path: &str) -> String {
    let form = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    format!("{form}/{path}")
}
