//! Connections: accepted, given a time for each head, and let finish when the proxy stops.
//!
//! `axum::serve` sets no timer, so that with it a half-sent head stays open for ever; hyper is
//! driven here directly. HTTP/1.1 alone: TLS and HTTP/2 are the business of the reverse proxy in
//! front.

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

/// For the whole head of a request, and for the next one on an open connection.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// For each connection, a request's head included. hyper's own 400 kB add up with many uploads.
const BUFFER_BYTES: usize = 128 * 1024;

/// After an `accept` that failed: there are too many open files, as a rule, and trying again at
/// once would only burn time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until told to stop; then lets connections end what they are at, for so long.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    stopping: CancellationToken,
    patience: Duration,
) {
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            () = stopping.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => connection(stream, router.clone(), &graceful),
                Err(error) => {
                    warn!(%error, "cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    if timeout(patience, graceful.shutdown()).await.is_err() {
        warn!("connections were still open when the time to stop was over");
    }
}

fn connection(stream: TcpStream, router: Router, graceful: &GracefulShutdown) {
    // Answers are written whole; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            debug!(%error, "a connection broke off");
        }
    });
}
