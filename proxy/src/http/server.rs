//! Connections: counted, given a time for each head and for reading each answer, and let finish when
//! the proxy stops.
//!
//! `axum::serve` sets no timer, so that with it a half-sent head stays open for ever; hyper is
//! driven here directly. HTTP/1.1 alone: TLS and HTTP/2 are the business of the reverse proxy in
//! front.

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

/// For the whole head of a request, and for the next one on an open connection.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// Without anything of an answer being read. The system buffers some 100 kB and more, so that this
/// is not asked of a slow line with every packet.
const READ_TIME: Duration = Duration::from_secs(30);

/// The headers of one request. Browsers send some twenty, proxies in front add a few.
const HEADER_COUNT: usize = 100;

/// For each connection, a request's head included. hyper's own 400 kB add up with many uploads.
const BUFFER_BYTES: usize = 128 * 1024;

/// After an `accept` that failed: there are too many open files, as a rule, and trying again at
/// once would only burn time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The part of all connections that one address may have, unless it is a proxy in front.
const SHARE: usize = 4;

/// What may change while the server runs.
#[derive(Debug)]
pub(crate) struct Live {
    router: Router,
    trusted: Vec<Network>,
}

impl Live {
    pub(crate) fn of(app: &App) -> Self {
        let trusted = app.config.trusted_proxies.clone();
        Self { router: router::all(app.clone()), trusted }
    }
}

/// Takes connections and hands their requests to the routes.
pub(crate) struct Server {
    live: watch::Receiver<Live>,
    stopping: CancellationToken,
    metrics: Arc<Metrics>,
    /// For requests that are under way when the proxy is told to stop; the rest of its time is for
    /// deliveries.
    patience: Duration,
    limit: usize,
    per_sender: ConcurrencyLimit,
}

impl Server {
    pub(crate) fn new(live: watch::Receiver<Live>, app: &App) -> Self {
        let App { config, stopping, metrics, .. } = app;
        Self {
            live,
            stopping: stopping.clone(),
            metrics: Arc::clone(metrics),
            patience: config.timeouts.stop.0 * 2 / 3,
            limit: config.limits.connections.get(),
            per_sender: ConcurrencyLimit::default(),
        }
    }

    /// Serves until told to stop; then lets connections end what they are at, for so long.
    pub(crate) async fn serve(self, listener: TcpListener) {
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(self.limit));
        loop {
            // Whoever finds no place waits in the system's queue, and loses nothing.
            let next = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (place, listener.accept().await)
            };
            tokio::select! {
                () = self.stopping.cancelled() => break,
                (place, accepted) = next => match (place, accepted) {
                    (Ok(place), Ok((stream, peer))) => {
                        self.connection(stream, peer.ip(), place, &graceful);
                    }
                    (_, Err(error)) => {
                        warn!(%error, "cannot accept a connection");
                        sleep(ACCEPT_PAUSE).await;
                    }
                    // Nobody closes the semaphore.
                    (Err(_), _) => break,
                },
            }
        }
        drop(listener);
        if timeout(self.patience, graceful.shutdown()).await.is_err() {
            warn!("connections were still open when the time to stop was over");
        }
    }

    fn connection(
        &self,
        stream: TcpStream,
        peer: IpAddr,
        place: OwnedSemaphorePermit,
        graceful: &GracefulShutdown,
    ) {
        let sender = Sender::of_peer(peer, &self.live.borrow().trusted);
        let Ok(one_of_its_own) =
            self.per_sender.acquire(sender, self.limit, (self.limit / SHARE).max(1))
        else {
            debug!("one address has too many connections");
            return;
        };
        // Answers are written whole; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(READ_TIME));
        let live = self.live.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            // Those of now: what was read anew counts on open connections too.
            let router = live.borrow().router.clone();
            router.oneshot(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_headers(HEADER_COUNT)
            .max_buf_size(BUFFER_BYTES)
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = graceful.watch(connection);
        let metrics = Arc::clone(&self.metrics);
        metrics.connections.inc();
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "a connection broke off");
            }
            metrics.connections.dec();
            // The one that is waited for last: who gets it finds the other free.
            drop(one_of_its_own);
            drop(place);
        });
    }
}
