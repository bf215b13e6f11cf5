use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use tower_http::services::ServeDir;

use crate::http::{self, Serving};

/// Some other proxy than ours, with a landing page beside it: a page may name any `proxy-url` that
/// speaks multipart. It takes submissions at `/take` and answers them as it is told.
#[derive(Debug)]
pub struct StandIn {
    serving: Serving,
    told: Arc<Mutex<Told>>,
}

#[derive(Debug, Default)]
struct Told {
    status: StatusCode,
    media_type: &'static str,
    body: String,
    taken: usize,
    said: Bytes,
}

impl StandIn {
    /// Starts it with the pages of that folder.
    pub fn start(site: &Path) -> Self {
        let told = Arc::<Mutex<Told>>::default();
        let routes = Router::new()
            .route("/take", post(take))
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&told))
            .fallback_service(ServeDir::new(site));
        Self { serving: http::serve(routes), told }
    }

    /// What each submission from now on is answered with.
    pub fn answer(&self, status: u16, media_type: &'static str, body: &str) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.status = StatusCode::from_u16(status).unwrap();
        told.media_type = media_type;
        body.clone_into(&mut told.body);
    }

    /// How many submissions came whole.
    pub fn taken(&self) -> usize {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).taken
    }

    /// The last of them, as it came.
    pub fn said(&self) -> String {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&told.said).into_owned()
    }

    /// One of its addresses.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{}", self.serving.address, path.trim_start_matches('/'))
    }
}

async fn take(State(told): State<Arc<Mutex<Told>>>, whole: Bytes) -> impl IntoResponse {
    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
    told.taken += 1;
    told.said = whole;
    (told.status, [(header::CONTENT_TYPE, told.media_type)], told.body.clone())
}
