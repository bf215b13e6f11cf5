//! The HTTP client of the bucket. It is the proxy's own, so the bucket has the same root certificates as the CRM.

use std::error::Error;
use std::io;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::http::Method;
use http_body_util::BodyExt;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService,
};

use super::bucket_metrics::{BucketMetrics, Operation};
use crate::settings::tls;

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long to wait for the response to a request, including the time to send a part, and for each chunk of its body.
const READ_TIMEOUT: Duration = Duration::from_secs(15);

/// The client, which measures how long the bucket takes to respond.
#[derive(Debug, Clone)]
pub(super) struct BucketClient {
    http: reqwest::Client,
    metrics: BucketMetrics,
}

impl BucketClient {
    pub(super) fn new(metrics: BucketMetrics) -> reqwest::Result<Self> {
        let http = tls::client()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            // A redirect would need another signature.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, metrics })
    }

    /// Sends a request whose address contains its signature, and returns the status and the body.
    pub(super) async fn get(&self, address: &str) -> reqwest::Result<(u16, bytes::Bytes)> {
        let began = Instant::now();
        let response = self.http.get(address).send().await.map_err(reqwest::Error::without_url);
        let succeeded = response.as_ref().is_ok_and(|response| response.status().is_success());
        self.metrics.observe(Operation::ListUploads, succeeded, began.elapsed());
        let response = response?;
        let status = response.status().as_u16();
        Ok((status, response.bytes().await.map_err(reqwest::Error::without_url)?))
    }
}

impl HttpConnector for BucketClient {
    /// Ignores the options, because the proxy configures the client itself.
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for BucketClient {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let operation = operation(request.method(), request.uri().query().unwrap_or_default());
        let request = request.map(reqwest::Body::wrap);
        let request = reqwest::Request::try_from(request)
            .map_err(|error| HttpError::new(HttpErrorKind::Unknown, error.without_url()))?;
        let began = Instant::now();
        let response = self.http.execute(request).await;
        // A missing object is an answer, not a failure of the bucket.
        let succeeded = response.as_ref().is_ok_and(|response| {
            response.status().is_success() || response.status().as_u16() == 404
        });
        self.metrics.observe(operation, succeeded, began.elapsed());
        let response: axum::http::Response<reqwest::Body> = response.map_err(http_error)?.into();
        Ok(response.map(|body| HttpResponseBody::new(body.map_err(http_error))))
    }
}

fn operation(method: &Method, query: &str) -> Operation {
    let is_multipart = query.contains("uploadId=");
    match *method {
        Method::PUT if is_multipart => Operation::PutPart,
        Method::PUT => Operation::Put,
        Method::POST if is_multipart => Operation::CompleteUpload,
        Method::POST => Operation::BeginUpload,
        Method::DELETE if is_multipart => Operation::AbortUpload,
        Method::DELETE => Operation::Delete,
        Method::HEAD => Operation::Head,
        _ => Operation::Get,
    }
}

/// Returns the error with its kind, which decides whether `object_store` tries again. It always does after `Request`, and
/// all requests to the bucket may be repeated.
fn http_error(error: reqwest::Error) -> HttpError {
    let kind = if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_connect() {
        HttpErrorKind::Connect
    } else if is_interrupted(&error) {
        HttpErrorKind::Request
    } else if error.is_decode() {
        HttpErrorKind::Decode
    } else {
        HttpErrorKind::Unknown
    };
    HttpError::new(kind, error.without_url())
}

/// Returns whether the connection was closed before the response was complete.
fn is_interrupted(error: &reqwest::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};

    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.any(|cause| {
        let closed = cause.downcast_ref::<hyper::Error>().is_some_and(|error| {
            error.is_closed() || error.is_incomplete_message() || error.is_body_write_aborted()
        });
        let reset = cause.downcast_ref::<io::Error>().is_some_and(|error| {
            matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
        });
        closed || reset
    })
}
