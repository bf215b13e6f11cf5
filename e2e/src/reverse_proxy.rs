use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::uri::Scheme;
use axum::http::{HeaderMap, Method, Request, Response, Uri, header};
use axum::routing::any;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tower_http::services::ServeDir;

use crate::http::{self, Server};
use crate::programs;
use crate::servers::Proxy;

/// A server between the browser and the proxy, in the position of nginx. It records the requests
/// to the proxy and forwards them. A browser's own list of its requests is not always complete.
#[derive(Debug)]
pub struct ReverseProxy {
    server: Server,
    requests: Arc<Mutex<Vec<String>>>,
    loses_submissions: Arc<AtomicBool>,
}

#[derive(Debug, Clone)]
struct Forwarding {
    /// The proxy's host and port.
    upstream: String,
    client: Client<HttpConnector, Full<Bytes>>,
    requests: Arc<Mutex<Vec<String>>>,
    loses_submissions: Arc<AtomicBool>,
}

impl ReverseProxy {
    /// Starts a reverse proxy in front of `proxy`.
    pub fn in_front_of(proxy: &Proxy) -> Self {
        Self::start(proxy, Router::new().fallback(forward))
    }

    /// Starts a server for the application in `examples/leptos`. As `trunk serve` does, the server
    /// forwards the requests for forms to `proxy`.
    pub fn with_leptos_page(proxy: &Proxy) -> Self {
        let files = ServeDir::new(programs::leptos_page());
        let router = Router::new().route("/forms/{*path}", any(forward)).fallback_service(files);
        Self::start(proxy, router)
    }

    fn start(proxy: &Proxy, router: Router<Forwarding>) -> Self {
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let upstream = proxy.url("").trim_start_matches("http://").trim_end_matches('/').to_owned();
        let client = Client::builder(TokioExecutor::new()).build_http();
        let loses_submissions = Arc::<AtomicBool>::default();
        let forwarding = Forwarding {
            upstream,
            client,
            requests: Arc::clone(&requests),
            loses_submissions: Arc::clone(&loses_submissions),
        };
        let server = http::serve(router.with_state(forwarding));
        Self { server, requests, loses_submissions }
    }

    /// Sets whether to read each submission to its end and then close the connection without
    /// forwarding the submission.
    pub fn lose_submissions(&self, lose: bool) {
        self.loses_submissions.store(lose, Ordering::SeqCst);
    }

    /// Returns all recorded requests so far, such as `GET /deal-form.js`, sorted.
    pub fn requests(&self) -> Vec<String> {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        requests.sort();
        requests
    }

    /// Returns the address of a path on this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{}", self.server.address, path.trim_start_matches('/'))
    }
}

async fn forward(
    State(forwarding): State<Forwarding>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Full<Bytes>> {
    let line = format!("{method} {uri}");
    forwarding.requests.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    if method == Method::POST && forwarding.loses_submissions.load(Ordering::SeqCst) {
        // Ends the task of this connection without printing a panic. This closes the connection.
        panic::resume_unwind(Box::new("lost"));
    }
    let mut parts = uri.into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(forwarding.upstream.parse().unwrap());
    let mut request = Request::new(Full::from(body));
    *request.method_mut() = method;
    *request.uri_mut() = Uri::from_parts(parts).unwrap();
    *request.headers_mut() = headers;
    let (mut head, body) = forwarding.client.request(request).await.unwrap().into_parts();
    // The body is forwarded in one piece.
    head.headers.remove(header::TRANSFER_ENCODING);
    Response::from_parts(head, Full::from(body.collect().await.unwrap().to_bytes()))
}
