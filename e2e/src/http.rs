//! Plain HTTP on this machine: a client that calls drivers, the proxy and the sandbox, and a server
//! for tests.
//!
//! This module does not use `reqwest`, because `reqwest` would use the HTTP proxies in environment
//! variables. With the features that the whole workspace enables, `reqwest` also needs a TLS
//! provider.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread;

use axum::Router;
use axum::http::{Method, Request, Response, StatusCode};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use thirtyfour::error::{WebDriverError, WebDriverResult};
use thirtyfour::session::http::{Body, HttpClient};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// A client without TLS that ignores the environment variables for HTTP proxies.
#[derive(Debug)]
pub(crate) struct PlainHttp(Client<HttpConnector, Full<Bytes>>);

impl PlainHttp {
    pub(crate) fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }
}

#[async_trait::async_trait]
impl HttpClient for PlainHttp {
    async fn send(&self, request: Request<Body<'_>>) -> WebDriverResult<Response<Bytes>> {
        let request = request.map(|body| match body {
            Body::Empty => Full::default(),
            Body::Json(json) => Full::from(json.to_string()),
        });
        let http_error =
            |error: &dyn std::error::Error| WebDriverError::HttpError(error.to_string());
        let response = self.0.request(request).await.map_err(|error| http_error(&error))?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| http_error(&error))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }

    async fn new(&self) -> Arc<dyn HttpClient> {
        Arc::new(Self::new())
    }
}

/// Creates a runtime on the current thread.
pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Sends a request, with a JSON body if `json` is given. Returns the response's status and body.
pub(crate) fn call(method: Method, url: &str, json: Option<&Value>) -> (StatusCode, Bytes) {
    send(method, url, "application/json", json)
}

/// Requests HTML as a browser does.
pub(crate) fn get_page(url: &str) -> (StatusCode, String) {
    let (status, html) = send(Method::GET, url, "text/html", None);
    (status, String::from_utf8(html.into()).unwrap())
}

/// Returns whether an HTTP server at this address responds with success.
pub(crate) fn responds(url: &str) -> bool {
    let request = Request::builder().uri(url).body(Body::Empty).unwrap();
    let response = runtime().block_on(PlainHttp::new().send(request));
    response.is_ok_and(|response| response.status().is_success())
}

/// A server in a separate thread, on a free port. Dropping it stops the server.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

pub(crate) fn serve(routes: Router) -> Server {
    let runtime = runtime();
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                served = async { axum::serve(listener, routes).await } => served.unwrap(),
                _ = stopped => {}
            }
        });
    });
    Server { address, _stop: stop }
}

fn send(method: Method, url: &str, accept: &str, json: Option<&Value>) -> (StatusCode, Bytes) {
    let request = Request::builder()
        .method(method)
        .uri(url)
        .header("content-type", "application/json")
        .header("accept", accept)
        .body(Body::from(json))
        .unwrap();
    let response = runtime().block_on(PlainHttp::new().send(request));
    let response = response.unwrap_or_else(|error| panic!("{url}: {error}"));
    (response.status(), response.into_body())
}
