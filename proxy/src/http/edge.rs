//! What happens to every request: a number, a line in the log, and the headers that a browser
//! should see on every answer.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Version, header};
use axum::middleware::Next;
use axum::response::Response;
use deal_contract::protocol;
use tokio::time::Instant;
use tracing::{Instrument, info, info_span};

use super::answer::{Outcome, refuse};
use super::metrics::Metrics;
use super::response_format::ResponseFormat;
use crate::http::refusal::Refusal;
use crate::limits::{Peer, Sender, trusts};
use crate::settings::config::Config;

/// For all headers of a request together. Browsers and the proxies in front stay far below; hyper
/// reads no more than a connection's buffer takes.
const HEAD_BYTES: usize = 32 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static(protocol::header::REQUEST_ID);

/// The outermost layer. It logs which route, never the address itself: a query or a file name can
/// be personal.
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
    let given =
        peer.filter(|peer| trusts(trusted, *peer)).and_then(|_| given_id(request.headers()));
    let id = given.or_else(|| crate::settings::random::hex::<8>().ok()).unwrap_or_default();
    request.extensions_mut().insert(sender);
    let span = info_span!("request", id);
    async move {
        let begun = Instant::now();
        let mut response = match check(request.version(), request.headers()) {
            Ok(()) => next.run(request).await,
            Err(refusal) => {
                let mut response = refuse(ResponseFormat::of(request.headers()), &refusal);
                // Where it ends, and another request begins, is not sure either.
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
                response
            }
        };
        secure(page_policy, response.headers_mut());
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let code = response.extensions().get::<Outcome>().map(|outcome| outcome.0.as_str());
        let (status, took) = (response.status().as_u16(), begun.elapsed());
        metrics.answered(&route, status, code.unwrap_or_default(), took);
        let ms = took.as_millis();
        info!(%method, route, status, code, ms, "answered");
        response
    }
    .instrument(span)
    .await
}

/// The number that a proxy in front gave the request, so that one number is in the logs of both. It
/// comes from a trusted one alone, and only letters, digits and hyphens get into our log and answer.
fn given_id(headers: &HeaderMap) -> Option<String> {
    let mut given = headers.get_all(REQUEST_ID).iter();
    let (Some(id), None) = (given.next(), given.next()) else { return None };
    let id = id.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    ((1..=64).contains(&id.len()) && id.bytes().all(plain)).then(|| id.to_owned())
}

/// What must be right with every head.
fn check(version: Version, headers: &HeaderMap) -> Result<(), Refusal> {
    let bytes = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len();
    if headers.iter().map(bytes).sum::<usize>() > HEAD_BYTES {
        return Err(Refusal::Head);
    }
    if !names_host(version, headers) {
        return Err(Refusal::Host);
    }
    if is_plain(headers) { Ok(()) } else { Err(Refusal::Coding) }
}

/// RFC 9112 6.1: pieces are the one transfer coding that a server has to know, and is not said twice.
/// Whoever in front reads another one differently would find two requests where we find one.
fn is_plain(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding.as_bytes().eq_ignore_ascii_case(b"chunked"),
        (Some(_), Some(_)) => false,
    }
}

/// RFC 9112 3.2: exactly one, in HTTP/1.1, and a host with an optional port.
fn names_host(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version < Version::HTTP_11,
        (Some(host), None) => Authority::try_from(host.as_bytes()).is_ok_and(|authority| {
            let (host, text) = (authority.host(), authority.as_str());
            // Nothing before it, and behind it at most a port.
            let alone = text == host || text.starts_with(host) && authority.port_u16().is_some();
            alone && !host.is_empty()
        }),
        (Some(_), Some(_)) => false,
    }
}

fn secure(page_policy: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Not "no-referrer": with it browsers send `Origin: null` for a plain form.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    // Landing pages of other sites load the widget, also those that isolate themselves.
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

/// What our pages may load and do: only their own files, scripts from files alone, and to be
/// framed by the sites that may embed the forms.
pub(crate) fn page_policy(config: &Config) -> HeaderValue {
    let mut policy = String::from("default-src 'none'; ");
    match config.captcha.script.url().map(|url| url.origin().ascii_serialization()) {
        None => policy.push_str("script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; "),
        // A captcha's script asks its service and opens a frame of its own.
        Some(captcha) => policy.extend(
            [
                &format!("script-src 'self' 'wasm-unsafe-eval' {captcha}; "),
                &format!("connect-src 'self' {captcha}; frame-src {captcha}; "),
            ]
            .map(String::as_str),
        ),
    }
    policy.push_str(
        "style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'self'",
    );
    for origin in &config.allowed_origins {
        policy.push(' ');
        policy.push_str(origin.as_str());
    }
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}
