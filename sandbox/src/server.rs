//! Accepts connections. `axum::serve` is not used, because it does not let a handler close its
//! connection, which some faults require.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// How long a client may take to send the head of a request, including the time between requests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// How long connections and calls in progress may continue after a stop.
pub(crate) const GRACE: Duration = Duration::from_secs(5);
/// The pause after a failed accept, which usually means that file descriptors have run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Closes the connection of a request. A request carries this as an extension.
#[derive(Debug, Clone, Default)]
pub(crate) struct HangUp(Arc<Notify>);

impl HangUp {
    /// Closes the connection without a response. This future never completes.
    pub(crate) async fn close(self) -> Infallible {
        self.0.notify_one();
        // The connection's task drops this future.
        std::future::pending().await
    }
}

/// Serves connections until `stop` is cancelled, then waits up to [`GRACE`] for those in progress.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => serve_connection(stream, router.clone(), &graceful),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("stopped before all connections had closed");
    }
}

fn serve_connection(stream: TcpStream, router: Router, graceful: &GracefulShutdown) {
    let hang_up = HangUp::default();
    let closed = Arc::clone(&hang_up.0);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(hang_up.clone());
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            served = connection => if let Err(error) = served {
                tracing::debug!(%error, "a connection ended early");
            },
            () = closed.notified() => {}
        }
    });
}
