//! The hidden values that the proxy's own page sends, from the request that opened the page.

use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, Uri, header};
use deal_contract::definition::{Hidden, HiddenSource, PageProperty, PublicDefinition};
use deal_contract::normalize;

/// Returns the known hidden values with their parameters.
pub(super) fn hidden_values(
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
    let filled =
        |hidden: &Hidden| Some((hidden.parameter.clone(), normalize::hidden(&value(hidden)?)));
    form.hidden.iter().filter_map(filled).collect()
}

/// Returns the page's address in the visitor's browser. A web server in front that handles TLS sends
/// its scheme and host in `X-Forwarded-*`.
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
