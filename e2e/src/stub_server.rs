use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use tower_http::services::ServeDir;

use crate::http::{self, Server};

/// A web server that serves landing pages and acts as a third-party proxy. (The attribute
/// `proxy-url` may name any server that accepts multipart, not only `deal-proxy`.) It accepts
/// submissions at `/submit` and sends the response that the test has set.
#[derive(Debug)]
pub struct StubServer {
    server: Server,
    stub: Arc<Mutex<Stub>>,
}

#[derive(Debug, Default)]
struct Stub {
    status: StatusCode,
    media_type: &'static str,
    body: String,
    submission_count: usize,
    last_submission: Bytes,
}

impl StubServer {
    /// Starts a server for the pages in a folder.
    pub fn start(site: &Path) -> Self {
        let stub = Arc::<Mutex<Stub>>::default();
        let routes = Router::new()
            .route("/submit", post(submit))
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&stub))
            .fallback_service(ServeDir::new(site));
        Self { server: http::serve(routes), stub }
    }

    /// Sets the response to all later submissions.
    pub fn respond_with(&self, status: u16, media_type: &'static str, body: &str) {
        let mut stub = self.stub.lock().unwrap_or_else(PoisonError::into_inner);
        stub.status = StatusCode::from_u16(status).unwrap();
        stub.media_type = media_type;
        body.clone_into(&mut stub.body);
    }

    /// Returns the number of complete submissions so far.
    pub fn submission_count(&self) -> usize {
        self.stub.lock().unwrap_or_else(PoisonError::into_inner).submission_count
    }

    /// Returns the body of the last submission.
    pub fn last_submission(&self) -> String {
        let stub = self.stub.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&stub.last_submission).into_owned()
    }

    /// Returns the address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{}", self.server.address, path.trim_start_matches('/'))
    }
}

async fn submit(State(stub): State<Arc<Mutex<Stub>>>, body: Bytes) -> impl IntoResponse {
    let mut stub = stub.lock().unwrap_or_else(PoisonError::into_inner);
    stub.submission_count += 1;
    stub.last_submission = body;
    (stub.status, [(header::CONTENT_TYPE, stub.media_type)], stub.body.clone())
}
