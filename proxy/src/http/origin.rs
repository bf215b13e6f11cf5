//! Which pages may send forms and read answers (Fetch standard, "CORS protocol").

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use deal_contract::protocol;

use super::answer::refuse;
use super::response_format::ResponseFormat;
use crate::http::refusal::Refusal;
use crate::limits::{Peer, Sender, trusts};
use crate::settings::config::{Config, Host};

/// Where a request comes from, as its browser says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OriginCheck {
    /// No browser's page, or one that need not say.
    NotNamed,
    /// A page of the proxy's own address.
    Own,
    /// A page of another origin that is allowed.
    Allowed(HeaderValue),
    /// Any other page.
    Rejected,
}

impl OriginCheck {
    pub(super) fn of(config: &Config, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let Some(origin) = origins.next() else {
            // A browser that names no origin says at least whether it is another one's page.
            let elsewhere = matches!(fetch_site(headers), Some("cross-site" | "same-site"));
            return if elsewhere { Self::Rejected } else { Self::NotNamed };
        };
        if origins.next().is_some() {
            return Self::Rejected;
        }
        let text = origin.to_str().unwrap_or_default();
        if config.allowed_origins.iter().any(|allowed| allowed.as_str() == text) {
            return Self::Allowed(origin.clone());
        }
        let Some((scheme, host)) = text.split_once("://") else { return Self::Rejected };
        let fronted = is_fronted(config, extensions);
        if may_be_own(&config.own_hosts, scheme, host, fronted) && is_own(host, headers) {
            Self::Own
        } else {
            Self::Rejected
        }
    }
}

/// How the page's origin and ours go together, as its browser says (Fetch Metadata).
fn fetch_site(headers: &HeaderMap) -> Option<&str> {
    headers.get(HeaderName::from_static("sec-fetch-site"))?.to_str().ok()
}

/// Whether a trusted proxy forwarded the request, and so vouches for the host that it names.
fn is_fronted(config: &Config, extensions: &Extensions) -> bool {
    let peer = extensions.get().map(|&Peer(peer)| peer);
    let is_trusted = peer.is_some_and(|peer| trusts(&config.trusted_proxies, peer));
    is_trusted && extensions.get().is_some_and(|sender: &Sender| *sender != Sender::Unknown)
}

/// Whether pages of that host can be the proxy's own.
///
/// Any site can point its name at this machine for a while (DNS rebinding), so that its page and
/// the request name the same host. It cannot do so over https, for which it has no certificate
/// here, nor with an IP address.
fn may_be_own(own_hosts: &[Host], scheme: &str, host: &str, fronted: bool) -> bool {
    is_address(host)
        || if own_hosts.is_empty() {
            scheme == "https" || fronted
        } else {
            own_hosts.iter().any(|own| own.is(host))
        }
}

/// Whether the host is an IP address or localhost, with or without a port.
fn is_address(host: &str) -> bool {
    let Ok(authority) = Authority::try_from(host) else { return false };
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().is_ok() || name == "localhost" || name.ends_with(".localhost")
}

/// Whether the page is one of the proxy's own address.
///
/// The browser itself knows best, and a page cannot forge `Sec-Fetch-Site`. A browser that does not
/// send it (before 2023, or on plain http) names host and port in `Origin`; the scheme is not known
/// behind a reverse proxy that ends TLS, and one that puts its own in `Host` hands on the real one
/// in `X-Forwarded-Host`, as `trunk serve` does. A page cannot send that header elsewhere unasked.
/// An opaque origin is "null", which is nobody's host.
fn is_own(host: &str, headers: &HeaderMap) -> bool {
    let value = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match fetch_site(headers) {
        Some("same-origin") => return true,
        // Nobody's page but the visitor, who reloads: what follows decides.
        None | Some("none") => {}
        Some(_) => return false,
    }
    let hosts = [value(header::HOST), value(HeaderName::from_static("x-forwarded-host"))];
    hosts.contains(&Some(host))
}

/// Answers preflights, and lets allowed pages read the answers.
pub(super) async fn cross_origin(
    State(config): State<Arc<Config>>,
    request: Request,
    next: Next,
) -> Response {
    let check = OriginCheck::of(&config, request.headers(), request.extensions());
    let preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match (preflight, &check) {
        (false, _) => next.run(request).await,
        (true, OriginCheck::Allowed(_) | OriginCheck::Own) => preflight_answer(),
        (true, _) => refuse(ResponseFormat::of(request.headers()), &Refusal::Origin),
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let OriginCheck::Allowed(origin) = check {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if let Ok(exposed) = HeaderValue::try_from(protocol::header::ALL.join(", ")) {
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }
    response
}

/// A listener for upload progress makes the browser ask first, even for a plain form.
fn preflight_answer() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "accept, content-type, if-none-match"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
