use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::uri::Scheme;
use axum::http::{HeaderMap, Method, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::http::{self, Serving};
use crate::servers::Proxy;

/// A server between the browser and the proxy, as nginx would be: it hands on what it is asked, and
/// notes it. What a browser says of its own requests is not always what it sent.
#[derive(Debug)]
pub struct Hop {
    serving: Serving,
    asked: Arc<Mutex<Vec<String>>>,
    loses: Arc<AtomicBool>,
}

#[derive(Debug, Clone)]
struct Way {
    proxy: String,
    client: Client<HttpConnector, Full<Bytes>>,
    asked: Arc<Mutex<Vec<String>>>,
    loses: Arc<AtomicBool>,
}

impl Hop {
    /// Starts it before the proxy.
    pub fn before(proxy: &Proxy) -> Self {
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let proxy = proxy.url("").trim_start_matches("http://").trim_end_matches('/').to_owned();
        let client = Client::builder(TokioExecutor::new()).build_http();
        let loses = Arc::<AtomicBool>::default();
        let way = Way { proxy, client, asked: Arc::clone(&asked), loses: Arc::clone(&loses) };
        let serving = http::serve(Router::new().fallback(hand_on).with_state(way));
        Self { serving, asked, loses }
    }

    /// Whether to read each submission to its end and close the connection without forwarding it.
    pub fn lose_submissions(&self, loses: bool) {
        self.loses.store(loses, Ordering::SeqCst);
    }

    /// All that was asked so far, as in `GET /deal-form.js`, in the order of the alphabet.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        asked.sort();
        asked
    }

    /// One of its addresses.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{}", self.serving.address, path.trim_start_matches('/'))
    }
}

async fn hand_on(
    State(way): State<Way>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Full<Bytes>> {
    let asked = format!("{method} {uri}");
    way.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
    if method == Method::POST && way.loses.load(Ordering::SeqCst) {
        // Ends the task of this connection, which closes the connection, without printing a panic.
        panic::resume_unwind(Box::new("lost"));
    }
    let mut parts = uri.into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(way.proxy.parse().unwrap());
    let mut request = Request::new(Full::from(body));
    *request.method_mut() = method;
    *request.uri_mut() = Uri::from_parts(parts).unwrap();
    *request.headers_mut() = headers;
    let (mut head, body) = way.client.request(request).await.unwrap().into_parts();
    // It goes on as a whole.
    head.headers.remove(header::TRANSFER_ENCODING);
    Response::from_parts(head, Full::from(body.collect().await.unwrap().to_bytes()))
}
