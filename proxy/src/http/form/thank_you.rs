//! Redirects to the author's thank-you page after a form has been sent without scripts.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect as SeeOther, Response};
use deal_contract::definition::Redirect;
use deal_contract::reply::Deal;

/// Opens the thank-you page with `303 See Other`. A relative address refers to the site of the page
/// that contains the form, so this function puts the origin of that page before the address.
pub(super) fn thank_you_page(redirect: &Redirect, deal: &Deal, head: &HeaderMap) -> Response {
    let address = redirect.address(deal);
    let origin = head.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let origin = origin.filter(|origin| *origin != "null" && address.starts_with('/'));
    let address = [origin.unwrap_or_default(), &address].concat();
    SeeOther::to(&address).into_response()
}
