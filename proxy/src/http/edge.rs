//! The outermost middleware. Each request gets an id and a line in the log, and each response gets
//! security headers.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Version, header};
use axum::middleware::Next;
use axum::response::Response;
use deal_contract::protocol;
use reqwest::Url;
use tokio::time::Instant;
use tracing::{Instrument, info, info_span};

use super::metrics::Metrics;
use super::response::{ResponseCode, refuse};
use super::response_format::ResponseFormat;
use crate::http::refusal::Refusal;
use crate::limits::{Peer, Sender, is_trusted};
use crate::settings::config::Config;
use crate::settings::forms::Forms;

/// The maximum size of all headers of a request together. Browsers and proxies in front stay far below
/// this limit. hyper itself limits the headers only by the connection's buffer.
const HEAD_BYTES: usize = 32 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static(protocol::header::REQUEST_ID);

/// Checks the head of a request, logs the request, and sets the headers of the response. The log
/// contains the route instead of the address: a query or a file name can be personal data.
pub(super) async fn edge(
    State(config): State<Arc<Config>>,
    State(metrics): State<Arc<Metrics>>,
    State(page_policy): State<HeaderValue>,
    mut request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "site".to_owned(), |path| path.as_str().to_owned());
    let trusted = &config.trusted_proxies;
    let peer = request.extensions().get().map(|&Peer(peer)| peer);
    let sender = peer.map_or(Sender::Unknown, |peer| Sender::of(peer, request.headers(), trusted));
    let forwarded = peer
        .filter(|peer| is_trusted(trusted, *peer))
        .and_then(|_| forwarded_id(request.headers()));
    let id = forwarded.or_else(|| crate::settings::random::hex::<8>().ok()).unwrap_or_default();
    request.extensions_mut().insert(sender);
    let span = info_span!("request", id);
    async move {
        let start = Instant::now();
        let mut response = match check_head(request.version(), request.headers()) {
            Ok(()) => next.run(request).await,
            Err(refusal) => {
                let mut response = refuse(ResponseFormat::of(request.headers()), &refusal);
                // It is uncertain where this request ends and the next one begins.
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
                response
            }
        };
        set_security_headers(page_policy, response.headers_mut());
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let code = response.extensions().get::<ResponseCode>().map(|code| code.0.as_str());
        let (status, elapsed) = (response.status().as_u16(), start.elapsed());
        metrics.count_response(&method, &route, status, code.unwrap_or_default(), elapsed);
        let ms = elapsed.as_millis();
        info!(%method, route, status, code, ms, "responded");
        response
    }
    .instrument(span)
    .await
}

/// Returns the request id from a proxy in front, so that both logs have the same id. An id is valid if it consists of 1
/// to 64 letters, digits and hyphens; the caller ignores ids from untrusted senders.
fn forwarded_id(headers: &HeaderMap) -> Option<String> {
    let mut ids = headers.get_all(REQUEST_ID).iter();
    let (Some(id), None) = (ids.next(), ids.next()) else { return None };
    let id = id.to_str().ok()?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    ((1..=64).contains(&id.len()) && id.bytes().all(is_allowed)).then(|| id.to_owned())
}

/// Checks the size of the headers, `Host` and `Transfer-Encoding`.
fn check_head(version: Version, headers: &HeaderMap) -> Result<(), Refusal> {
    let bytes = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len();
    if headers.iter().map(bytes).sum::<usize>() > HEAD_BYTES {
        return Err(Refusal::HeadTooLarge);
    }
    if !has_one_host(version, headers) {
        return Err(Refusal::HostMissing);
    }
    if has_known_transfer_coding(headers) { Ok(()) } else { Err(Refusal::TransferCoding) }
}

/// Returns whether the body has no transfer coding or is `chunked`, the only coding that a server
/// must know (RFC 9112 6.1). If a proxy in front understood another coding differently, it could see
/// two requests where this proxy sees one (request smuggling).
fn has_known_transfer_coding(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding.as_bytes().eq_ignore_ascii_case(b"chunked"),
        (Some(_), Some(_)) => false,
    }
}

/// Returns whether the request has exactly one `Host` with an optional port (RFC 9112 3.2). HTTP/1.0
/// requests may omit `Host`.
fn has_one_host(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version < Version::HTTP_11,
        (Some(host), None) => Authority::try_from(host.as_bytes()).is_ok_and(|authority| {
            let (host, text) = (authority.host(), authority.as_str());
            // Only the host and a port are allowed: no user name before the host, and nothing else
            // after it.
            let has_nothing_else =
                text == host || text.starts_with(host) && authority.port_u16().is_some();
            has_nothing_else && !host.is_empty()
        }),
        (Some(_), Some(_)) => false,
    }
}

fn set_security_headers(page_policy: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Not `no-referrer`: with it, browsers send `Origin: null` for a plain form.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    // Landing pages on other sites load the widget, including cross-origin isolated pages.
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    let html = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if html {
        headers.insert(header::CONTENT_SECURITY_POLICY, page_policy);
    }
}

/// Returns the Content-Security-Policy for the proxy's own pages: the pages load files only from the proxy and the
/// captcha's service, they run no inline scripts, and only the sites in `allowed_origins` may frame them. Forms may
/// lead to their thank-you pages, because some browsers apply `form-action` to redirects, too.
pub(crate) fn page_policy(config: &Config, forms: &Forms) -> HeaderValue {
    let mut policy = String::from("default-src 'none'; ");
    match config.captcha.script.url().map(|url| url.origin().ascii_serialization()) {
        None => policy.push_str("script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; "),
        // The captcha's script calls its service and opens a frame.
        Some(captcha) => policy.extend(
            [
                &format!("script-src 'self' 'wasm-unsafe-eval' {captcha}; "),
                &format!("connect-src 'self' {captcha}; frame-src {captcha}; "),
            ]
            .map(String::as_str),
        ),
    }
    policy.push_str(
        "style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'",
    );
    for origin in redirect_origins(forms) {
        policy.push(' ');
        policy.push_str(&origin);
    }
    policy.push_str("; frame-ancestors 'self'");
    for origin in &config.allowed_origins {
        policy.push(' ');
        policy.push_str(origin.as_str());
    }
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Returns the origin of each thank-you page on another site.
fn redirect_origins(forms: &Forms) -> BTreeSet<String> {
    let languages = forms.all().flat_map(|form| form.definition.languages());
    let redirects = languages.filter_map(|public| public.success.redirect.as_ref());
    let addresses = redirects.filter_map(|redirect| Url::parse(redirect.as_str()).ok());
    addresses.map(|address| address.origin().ascii_serialization()).collect()
}
