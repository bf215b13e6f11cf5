//! What our own page answers for its visitor, from the request that opened it.

use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, Uri, header};
use deal_contract::definition::{Hidden, HiddenSource, PageProperty, PublicDefinition};
use deal_contract::normalize;

/// The hidden values that are known, by parameter.
pub(super) fn given(
    form: &PublicDefinition,
    uri: &Uri,
    headers: &HeaderMap,
) -> Vec<(String, String)> {
    let query = uri.query().unwrap_or_default();
    let value = |hidden: &Hidden| match &hidden.source {
        HiddenSource::UrlParameter(name) => {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
        }
        HiddenSource::Page(PageProperty::Address) => Some(address(uri, headers)),
        HiddenSource::Page(PageProperty::Referrer) => text(headers, header::REFERER),
        HiddenSource::Page(PageProperty::Title) => Some(form.title.clone()),
    };
    let given =
        |hidden: &Hidden| Some((hidden.parameter.clone(), normalize::hidden(&value(hidden)?)));
    form.hidden.iter().filter_map(given).collect()
}

/// The page's address as the visitor sees it. A reverse proxy in front, which does TLS, tells in
/// its headers what it was asked for.
fn address(uri: &Uri, headers: &HeaderMap) -> String {
    let forwarded = |name| text(headers, HeaderName::from_static(name));
    let scheme = forwarded("x-forwarded-proto").filter(|scheme| scheme == "https");
    let host = forwarded("x-forwarded-host").or_else(|| text(headers, header::HOST));
    let (scheme, host) = (scheme.as_deref().unwrap_or("http"), host.unwrap_or_default());
    format!("{scheme}://{host}{}", uri.path_and_query().map_or("", PathAndQuery::as_str))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
