#![doc = include_str!("../README.md")]
//!
//! # Example
//! ```no_run
//! # async fn example() -> Result<(), crm_sandbox::StartError> {
//! use crm_sandbox::{Options, Sandbox};
//!
//! let sandbox = Sandbox::start(Options::new("data/sandbox")).await?;
//! println!("{}", sandbox.url());
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! ```

mod add_deal;
mod api;
mod app;
mod calls;
mod crm;
mod emails;
mod faults;
mod intake;
mod matching;
mod page;
mod parameters;
mod records;
mod refusal;
mod reply;
mod routes;
mod server;
mod store;
mod values;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::store::{Store, StoreError};

/// The key that a sandbox accepts unless told otherwise.
pub const DEFAULT_KEY: &str = "sandbox-key";

/// The CRM's "total files size must be less than 100M", read as bytes.
pub const ATTACHMENT_LIMIT: u64 = 100_000_000;

/// The API key that callers must send. Shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A key of any text.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// Whether `sent` is this key. Not in constant time: nothing here is worth guessing.
    fn is(&self, sent: &str) -> bool {
        self.0 == sent
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(…)")
    }
}

/// How a sandbox is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder for deals and files; made when it is not there.
    pub folder: PathBuf,
    /// The key that callers must send.
    pub key: Key,
    /// The company whose account this is; in the subject of messages.
    pub company: String,
    /// All files of a call together must be less than this many bytes. Smaller only in tests.
    pub attachment_limit: u64,
    /// How an empty value is read.
    pub empty_values: EmptyValues,
}

/// What an empty value means. The reference does not say, so the sandbox can play both readings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum EmptyValues {
    /// As if it had not been sent: what an earlier call has set stays.
    #[default]
    Keep,
    /// It removes what an earlier call has set.
    Clear,
}

impl Options {
    /// A free port of this machine, the default key and the CRM's own limit.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            folder: folder.into(),
            key: Key::new(DEFAULT_KEY),
            company: "Sandbox Company".to_owned(),
            attachment_limit: ATTACHMENT_LIMIT,
            empty_values: EmptyValues::Keep,
        }
    }
}

/// Why a sandbox does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The address is taken, or not this machine's.
    #[error("cannot listen on {address}: choose another address with --listen")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder cannot be written, or holds something else.
    #[error("cannot keep deals in {}: choose another folder with --data", folder.display())]
    Store {
        /// The folder asked for.
        folder: PathBuf,
        /// What went wrong there.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A stand-in for the CRM.
#[derive(Debug)]
pub struct Sandbox;

impl Sandbox {
    /// Starts a sandbox in this process.
    ///
    /// # Errors
    /// [`StartError::Listen`] when the address is taken, [`StartError::Store`] when the folder
    /// cannot be used.
    pub async fn start(options: Options) -> Result<Running, StartError> {
        let listening = |source| StartError::Listen { address: options.listen, source };
        let listener = TcpListener::bind(options.listen).await.map_err(listening)?;
        let address = listener.local_addr().map_err(listening)?;
        let store = Store::open(&options.folder).map_err(|source: StoreError| {
            StartError::Store { folder: options.folder.clone(), source: source.into() }
        })?;
        let app = Arc::new(App::new(store, &options, url(address)));
        let stop = CancellationToken::new();
        let router = routes::router(Arc::clone(&app));
        let served = tokio::spawn(server::serve(listener, router, stop.clone()));
        Ok(Running { address, stop, served, app })
    }
}

/// A sandbox that serves. Dropping it leaves it running for as long as the runtime does.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<()>,
    app: Arc<App>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its page for people, `http://127.0.0.1:8090/`.
    pub fn url(&self) -> String {
        url(self.address)
    }

    /// Where calls go, `http://127.0.0.1:8090/site/api/crm_add_deal`.
    pub fn api_url(&self) -> String {
        format!("{}site/api/crm_add_deal", self.url())
    }

    /// Stops: no new connections, calls in progress may finish for five seconds.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.served.await {
            tracing::error!(%error, "the server ended badly");
        }
        self.app.tasks.close();
        if tokio::time::timeout(server::GRACE, self.app.tasks.wait()).await.is_err() {
            tracing::warn!("stopped with calls still being served");
        }
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}/")
}
