//! Plain HTTP with servers of this machine, for the driver, for the sandbox and for servers of our own.
//!
//! Not `reqwest`: it would follow the proxies of the environment, and within the whole workspace it
//! asks for a TLS provider.

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

/// A client without TLS and without proxies.
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
        let broken = |error: &dyn std::error::Error| WebDriverError::HttpError(error.to_string());
        let response = self.0.request(request).await.map_err(|error| broken(&error))?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| broken(&error))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }

    async fn new(&self) -> Arc<dyn HttpClient> {
        Arc::new(Self::new())
    }
}

/// A runtime for one caller that waits.
pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Sends one request for JSON and waits for the whole answer.
pub(crate) fn call(method: Method, url: &str, json: Option<&Value>) -> (StatusCode, Bytes) {
    send(method, url, "application/json", json)
}

/// What a browser gets that opens the address.
pub(crate) fn page(url: &str) -> (StatusCode, String) {
    let (status, html) = send(Method::GET, url, "text/html", None);
    (status, String::from_utf8(html.into()).unwrap())
}

/// Whether anything that speaks HTTP answers there with success.
pub(crate) fn answers(url: &str) -> bool {
    let request = Request::builder().uri(url).body(Body::Empty).unwrap();
    let answer = runtime().block_on(PlainHttp::new().send(request));
    answer.is_ok_and(|answer| answer.status().is_success())
}

/// A server on a thread and a port of its own. Dropped, it ends.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

/// Starts a server.
pub(crate) fn serve(routes: Router) -> Serving {
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
    Serving { address, _stop: stop }
}

fn send(method: Method, url: &str, accept: &str, json: Option<&Value>) -> (StatusCode, Bytes) {
    let request = Request::builder()
        .method(method)
        .uri(url)
        .header("content-type", "application/json")
        .header("accept", accept)
        .body(Body::from(json))
        .unwrap();
    let answer = runtime().block_on(PlainHttp::new().send(request));
    let answer = answer.unwrap_or_else(|error| panic!("{url}: {error}"));
    (answer.status(), answer.into_body())
}
