//! Faults that a test injects between the client and the server.

use std::io;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::{Method, Request, Response, StatusCode, header};
use s3s::service::S3Service;
use s3s::{Body, S3Error, S3ErrorCode};

/// A way in which the server fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The server answers 503 with S3's code `SlowDown`, and does nothing.
    Unavailable,
    /// The server answers 403 with S3's code `AccessDenied`, and does nothing.
    Denied,
    /// The server answers after a delay.
    Delay(Duration),
    /// The server closes the connection after it has read this many bytes of the request's body.
    CutRequest(u64),
    /// The server closes the connection after it has sent this many bytes of the response's body.
    CutResponse(u64),
    /// The server does its work, and then closes the connection instead of answering.
    LoseResponse,
}

/// The requests that a fault affects, or that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// All requests.
    Any,
    /// Requests that upload a whole object.
    Put,
    /// Requests that begin a multipart upload.
    BeginUpload,
    /// Requests that upload one part.
    PutPart,
    /// Requests that complete a multipart upload.
    CompleteUpload,
    /// Requests that abort a multipart upload.
    AbortUpload,
    /// Requests that list multipart uploads.
    ListUploads,
    /// Requests that download an object.
    Get,
    /// Requests for the metadata of an object.
    Head,
    /// Requests that remove an object.
    Delete,
}

/// The current faults, and the requests so far.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    rules: Vec<Rule>,
    requests: Vec<Operation>,
}

#[derive(Debug)]
struct Rule {
    /// The number of requests that the rule still affects, or `None` if it has no end.
    left: Option<usize>,
    operation: Operation,
    fault: Fault,
}

impl Operation {
    fn of<B>(request: &Request<B>) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let has = |name: &str| {
            query.split('&').any(|pair| pair.split('=').next().is_some_and(|key| key == name))
        };
        match *request.method() {
            Method::PUT if has("uploadId") => Self::PutPart,
            Method::PUT => Self::Put,
            Method::POST if has("uploads") => Self::BeginUpload,
            Method::POST if has("uploadId") => Self::CompleteUpload,
            Method::DELETE if has("uploadId") => Self::AbortUpload,
            Method::DELETE => Self::Delete,
            Method::HEAD => Self::Head,
            Method::GET if has("uploads") => Self::ListUploads,
            Method::GET => Self::Get,
            _ => Self::Any,
        }
    }

    fn includes(self, other: Self) -> bool {
        self == Self::Any || self == other
    }
}

impl Faults {
    pub(super) fn add(&self, left: Option<usize>, operation: Operation, fault: Fault) {
        self.lock().rules.push(Rule { left, operation, fault });
    }

    pub(super) fn clear(&self) {
        self.lock().rules.clear();
    }

    pub(super) fn requests(&self, operation: Operation) -> usize {
        self.lock().requests.iter().filter(|request| operation.includes(**request)).count()
    }

    /// Answers a request, or fails as the current faults say. After an error, hyper closes the connection.
    pub(super) async fn answer(
        &self,
        service: &S3Service,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, S3Error> {
        let fault = self.next(Operation::of(&request));
        let cut_request = match fault {
            Some(Fault::CutRequest(bytes)) => Some(bytes),
            _ => None,
        };
        match fault {
            Some(Fault::Unavailable) => {
                return Ok(refuse(StatusCode::SERVICE_UNAVAILABLE, "SlowDown"));
            }
            Some(Fault::Denied) => return Ok(refuse(StatusCode::FORBIDDEN, "AccessDenied")),
            Some(Fault::Delay(delay)) => tokio::time::sleep(delay).await,
            _ => {}
        }
        let request = match cut_request {
            Some(bytes) => request.map(|body| Body::http_body(Cut { body, left: bytes })),
            None => request.map(Body::from),
        };
        let response = service.call(request).await?;
        match fault {
            Some(Fault::CutRequest(_) | Fault::LoseResponse) => {
                Err(S3Error::with_source(S3ErrorCode::InternalError, cut()))
            }
            Some(Fault::CutResponse(bytes)) => {
                Ok(response.map(|body| Body::http_body_unsync(Cut { body, left: bytes })))
            }
            _ => Ok(response),
        }
    }

    /// Counts a request, and returns its fault.
    fn next(&self, operation: Operation) -> Option<Fault> {
        let mut state = self.lock();
        state.requests.push(operation);
        let has_next =
            |rule: &&mut Rule| rule.left != Some(0) && rule.operation.includes(operation);
        let rule = state.rules.iter_mut().find(has_next)?;
        rule.left = rule.left.map(|left| left.saturating_sub(1));
        Some(rule.fault)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refuse(status: StatusCode, code: &str) -> Response<Body> {
    let body =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code></Error>");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let xml = header::HeaderValue::from_static("application/xml");
    response.headers_mut().insert(header::CONTENT_TYPE, xml);
    response
}

fn cut() -> Box<dyn std::error::Error + Send + Sync> {
    io::Error::from(io::ErrorKind::ConnectionReset).into()
}

/// A body that fails after a number of bytes.
struct Cut<B> {
    body: B,
    left: u64,
}

impl<B> HttpBody for Cut<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.left == 0 {
            return Poll::Ready(Some(Err(cut())));
        }
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(context));
        let Some(frame) = frame else { return Poll::Ready(None) };
        let Ok(mut data) = frame.map_err(Into::into)?.into_data() else { return Poll::Ready(None) };
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        data.truncate(left);
        self.left = self.left.saturating_sub(u64::try_from(data.len()).unwrap_or(u64::MAX));
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
