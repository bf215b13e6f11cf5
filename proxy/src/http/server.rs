//! Accepts connections, limits their number and duration, and lets them finish when the proxy
//! stops.
//!
//! This module calls hyper directly, because `axum::serve` has no timeout for the head: a client that
//! sends half a head would keep its connection forever. It serves only HTTP/1.1; the web server in
//! front handles TLS and HTTP/2.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use tracing::{debug, warn};

use super::app::App;
use super::metrics::Metrics;
use super::router;
use crate::limits::{ConcurrencyLimit, Peer, Sender};
use crate::settings::config::Network;

/// The maximum time for the head of a request, and for the wait for the next request on a connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest time for which a client may stop reading the response. The system buffers 100 kB or more,
/// so slow clients rarely reach this limit.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// The maximum number of headers in a request. Browsers send about twenty, and proxies in front add a few.
const HEADER_COUNT: usize = 100;

/// The maximum size of a connection's buffer, which must have room for the head of a request. hyper's default of 400 kB
/// would use too much memory with many uploads.
const BUFFER_BYTES: usize = 128 * 1024;

/// The pause after a failed `accept`. Usually too many files are open, and an immediate retry would
/// fail too.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The divisor for the connections of one address: an address may have a quarter of all connections,
/// unless it is a trusted proxy.
const SENDER_SHARE: usize = 4;

/// The part of the server that a reload replaces.
#[derive(Debug)]
pub(crate) struct Reloadable {
    router: Router,
    trusted: Vec<Network>,
}

impl Reloadable {
    pub(crate) fn of(app: &App) -> Self {
        let trusted = app.config.trusted_proxies.clone();
        Self { router: router::all(app.clone()), trusted }
    }
}

/// Accepts connections and passes their requests to the router.
pub(crate) struct Server {
    reloadable: watch::Receiver<Reloadable>,
    stopping: CancellationToken,
    metrics: Arc<Metrics>,
    /// The time for running requests after a signal to stop. The rest of `timeouts.stop` is
    /// for deliveries.
    drain_time: Duration,
    limit: usize,
    per_sender: ConcurrencyLimit,
}

impl Server {
    pub(crate) fn new(reloadable: watch::Receiver<Reloadable>, app: &App) -> Self {
        let App { config, stopping, metrics, .. } = app;
        Self {
            reloadable,
            stopping: stopping.clone(),
            metrics: Arc::clone(metrics),
            drain_time: config.timeouts.stop.0 * 2 / 3,
            limit: config.limits.connections.get(),
            per_sender: ConcurrencyLimit::default(),
        }
    }

    /// Serves until the proxy stops, then waits up to `drain_time` for running requests.
    pub(crate) async fn serve(self, listener: TcpListener) {
        let graceful = GracefulShutdown::new();
        let permits = Arc::new(Semaphore::new(self.limit));
        loop {
            // If no permit is free, new connections wait in the system's queue.
            let next = async {
                let permit = Arc::clone(&permits).acquire_owned().await;
                (permit, listener.accept().await)
            };
            tokio::select! {
                () = self.stopping.cancelled() => break,
                (permit, accepted) = next => match (permit, accepted) {
                    (Ok(permit), Ok((stream, peer))) => {
                        self.serve_connection(stream, peer.ip(), permit, &graceful);
                    }
                    (_, Err(error)) => {
                        warn!(%error, "cannot accept a connection");
                        sleep(ACCEPT_PAUSE).await;
                    }
                    // The semaphore is never closed.
                    (Err(_), _) => break,
                },
            }
        }
        drop(listener);
        if timeout(self.drain_time, graceful.shutdown()).await.is_err() {
            warn!("the proxy stops, even though some connections are still open");
        }
    }

    fn serve_connection(
        &self,
        stream: TcpStream,
        peer: IpAddr,
        permit: OwnedSemaphorePermit,
        graceful: &GracefulShutdown,
    ) {
        let sender = Sender::of_peer(peer, &self.reloadable.borrow().trusted);
        let Ok(sender_permit) =
            self.per_sender.acquire(sender, self.limit, (self.limit / SENDER_SHARE).max(1))
        else {
            debug!("closed a connection of an address that has too many");
            return;
        };
        // Responses are written in one piece, so Nagle's algorithm would only delay them.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(WRITE_TIMEOUT));
        let reloadable = self.reloadable.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            // Use the current router, so that a reload also affects open connections.
            let router = reloadable.borrow().router.clone();
            router.oneshot(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_headers(HEADER_COUNT)
            .max_buf_size(BUFFER_BYTES)
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = graceful.watch(connection);
        let metrics = Arc::clone(&self.metrics);
        metrics.connections.inc();
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "a connection failed");
            }
            metrics.connections.dec();
            // Release the sender's permit first: the server waits for the connection's permit, and
            // then needs both.
            drop(sender_permit);
            drop(permit);
        });
    }
}
