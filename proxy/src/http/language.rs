//! The language of a response, if the form has several.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use deal_contract::messages::without_register;

use super::preferences::preferences;
use crate::settings::forms::{Form, LocalizedForm};

/// The parameter that names the language in the address of a form.
const PARAMETER: &str = "lang";

/// Returns the form in the language that the request wants: the one in its address, the best one in
/// `Accept-Language`, or the form's own language.
pub(super) fn choose<'f>(form: &'f Form, uri: &Uri, headers: &HeaderMap) -> &'f Arc<LocalizedForm> {
    if form.translations.is_empty() {
        return &form.own;
    }
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let in_address =
        query.filter(|(name, _)| name == PARAMETER).find_map(|(_, tag)| form.in_language(&tag));
    in_address.or_else(|| accepted(form, headers)).unwrap_or(&form.own)
}

/// Returns the form in the language that `Accept-Language` prefers (RFC 9110 12.5.4), or `None` if the form has no
/// accepted language.
fn accepted<'f>(form: &'f Form, headers: &HeaderMap) -> Option<&'f Arc<LocalizedForm>> {
    let mut accepted = preferences(headers, &header::ACCEPT_LANGUAGE);
    accepted.retain(|(_, weight)| *weight > 0);
    // The sort is stable: languages with the same weight are tried in the order of the header.
    accepted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    accepted.iter().find_map(|(tag, _)| match tag.as_str() {
        "*" => Some(&form.own),
        tag => form.in_language(tag),
    })
}

/// Adds the headers that name the language and what it depends on, if the form has several languages.
pub(super) fn declare(response: &mut Response, form: &LocalizedForm) {
    let Some(tag) = &form.tag else { return };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    if let Ok(tag) = HeaderValue::from_str(without_register(tag)) {
        headers.insert(header::CONTENT_LANGUAGE, tag);
    }
}
