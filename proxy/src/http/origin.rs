//! Which pages may send forms and read responses (Fetch standard, "CORS protocol").

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use deal_contract::protocol;
use tracing::info;

use super::metrics::Metrics;
use super::response::refuse;
use super::response_format::ResponseFormat;
use crate::http::refusal::Refusal;
use crate::limits::{Peer, Sender, is_trusted};
use crate::settings::config::{Config, Host};
use crate::settings::forms::Forms;

/// The maximum length of an origin in the log. The longest host name has 253 characters.
const ORIGIN_LIMIT: usize = 270;

/// The origin of a request, according to its browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OriginCheck {
    /// The request has no `Origin` and does not come from a page on another origin. It comes from a program,
    /// or from a browser that does not need to send `Origin`.
    NoOrigin,
    /// A page on the proxy's own origin.
    Own,
    /// A page on an origin in `allowed_origins`.
    Allowed(HeaderValue),
    /// Any other page.
    Rejected,
}

impl OriginCheck {
    pub(super) fn of(config: &Config, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let Some(origin) = origins.next() else {
            // Without `Origin`, `Sec-Fetch-Site` still shows whether the page is on another origin.
            let cross_origin = matches!(fetch_site(headers), Some("cross-site" | "same-site"));
            return if cross_origin { Self::Rejected } else { Self::NoOrigin };
        };
        if origins.next().is_some() {
            return Self::Rejected;
        }
        let text = origin.to_str().unwrap_or_default();
        if config.allowed_origins.iter().any(|allowed| allowed.as_str() == text) {
            return Self::Allowed(origin.clone());
        }
        let Some((scheme, host)) = text.split_once("://") else { return Self::Rejected };
        let proxied = came_through_trusted_proxy(config, extensions);
        if can_be_own_host(&config.own_hosts, scheme, host, proxied)
            && is_same_origin(host, headers)
        {
            Self::Own
        } else {
            Self::Rejected
        }
    }
}

/// Returns how the page's origin relates to the proxy's, according to the browser (Fetch Metadata).
fn fetch_site(headers: &HeaderMap) -> Option<&str> {
    headers.get(HeaderName::from_static("sec-fetch-site"))?.to_str().ok()
}

/// Returns whether a trusted proxy forwarded the request. If so, the request's host can be trusted.
fn came_through_trusted_proxy(config: &Config, extensions: &Extensions) -> bool {
    let peer = extensions.get().map(|&Peer(peer)| peer);
    let is_trusted = peer.is_some_and(|peer| is_trusted(&config.trusted_proxies, peer));
    is_trusted && extensions.get().is_some_and(|sender: &Sender| *sender != Sender::Unknown)
}

/// Returns whether a page on this host can be one of the proxy's own pages.
///
/// Any site can point its host name at this machine for a while (DNS rebinding). The site's page and the
/// request then have the same host. This does not work over https, because this machine has no certificate for
/// that name, and not with an IP address, because a site cannot change where it points.
fn can_be_own_host(own_hosts: &[Host], scheme: &str, host: &str, proxied: bool) -> bool {
    is_ip_or_localhost(host)
        || if own_hosts.is_empty() {
            scheme == "https" || proxied
        } else {
            own_hosts.iter().any(|own| own.matches(host))
        }
}

/// Returns whether the host is an IP address or localhost, with or without a port.
fn is_ip_or_localhost(host: &str) -> bool {
    let Ok(authority) = Authority::try_from(host) else { return false };
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().is_ok() || name == "localhost" || name.ends_with(".localhost")
}

/// Returns whether the page has the same origin as the proxy.
///
/// If the browser sends `Sec-Fetch-Site`, this header decides, because a page cannot forge it. Browsers
/// before 2023, and pages on plain http, do not send it. Then the host and port in `Origin` are compared with
/// `Host`, and with `X-Forwarded-Host`, for proxies that replace `Host`, such as `trunk serve`; a page
/// needs a preflight to send that header to another origin. The scheme is not compared, because it is
/// unknown behind a proxy that terminates TLS. An opaque origin is "null", which never equals a host.
fn is_same_origin(host: &str, headers: &HeaderMap) -> bool {
    let value = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match fetch_site(headers) {
        Some("same-origin") => return true,
        // `none`: the visitor reloads the page or opens it directly. Compare the hosts.
        None | Some("none") => {}
        Some(_) => return false,
    }
    let hosts = [value(header::HOST), value(HeaderName::from_static("x-forwarded-host"))];
    hosts.contains(&Some(host))
}

/// Responds to preflights, and lets allowed pages read the responses.
pub(super) async fn cross_origin(
    State(config): State<Arc<Config>>,
    State(forms): State<Arc<Forms>>,
    State(metrics): State<Arc<Metrics>>,
    request: Request,
    next: Next,
) -> Response {
    let check = OriginCheck::of(&config, request.headers(), request.extensions());
    if check == OriginCheck::Rejected {
        report_rejected(&forms, &metrics, &request);
    }
    let preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match (preflight, &check) {
        (false, _) => next.run(request).await,
        (true, OriginCheck::Allowed(_) | OriginCheck::Own) => preflight_response(),
        (true, _) => refuse(ResponseFormat::of(request.headers()), &Refusal::OriginNotAllowed),
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

/// Logs and counts a rejected origin and the requested form. A page on a rejected origin usually only
/// reads the form and never sends it, so this also reports requests that are not refused.
fn report_rejected(forms: &Forms, metrics: &Metrics, request: &Request) {
    let mut segments = request.uri().path().split('/').skip(1);
    let (Some("forms"), Some(id)) = (segments.next(), segments.next()) else { return };
    let Some(form) = forms.get(id) else { return };
    // A link on another site is allowed to open the form's own page. Such a request has no `Origin`.
    let Some(origin) = request.headers().get(header::ORIGIN) else { return };
    metrics.count_rejected_origin(&form.id);
    let origin: String = origin.to_str().unwrap_or("not text").chars().take(ORIGIN_LIMIT).collect();
    info!(form = form.id, origin, "the page's origin is not in allowed_origins");
}

/// Returns the response to a preflight. Browsers send preflights because the widget listens for upload
/// progress.
fn preflight_response() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "accept, content-type, if-none-match"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
