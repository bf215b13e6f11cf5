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
mod faults;
mod intake;
mod options;
mod page;
mod parameters;
mod records;
mod refusal;
mod reply;
mod routes;
mod server;
mod store;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::store::{Store, StoreError};

pub use crate::options::{ATTACHMENT_LIMIT, CustomField, DEFAULT_KEY, EmptyValues, Key, Options};

/// Why a sandbox cannot start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The address cannot be used, for example because another program uses it.
    #[error("cannot listen on {address}: choose another address with --listen")]
    Listen {
        /// The requested address.
        address: SocketAddr,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The folder cannot be used, for example because it is not writable.
    #[error("cannot store deals in {}: choose another folder with --data", folder.display())]
    Store {
        /// The requested folder.
        folder: PathBuf,
        /// The error of the store.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A replacement for the CRM.
#[derive(Debug)]
pub struct Sandbox;

impl Sandbox {
    /// Starts a sandbox in this process.
    ///
    /// # Errors
    /// [`StartError::Listen`] if the address cannot be used, [`StartError::Store`] if the folder cannot.
    pub async fn start(options: Options) -> Result<Running, StartError> {
        let listening = |source| StartError::Listen { address: options.listen, source };
        let listener = TcpListener::bind(options.listen).await.map_err(listening)?;
        let address = listener.local_addr().map_err(listening)?;
        let store = Store::open(&options.folder, &options.custom_fields).map_err(
            |source: StoreError| StartError::Store {
                folder: options.folder.clone(),
                source: source.into(),
            },
        )?;
        let app = Arc::new(App::new(store, &options, url(address)));
        let stop = CancellationToken::new();
        let router = routes::router(Arc::clone(&app));
        let served = tokio::spawn(server::serve(listener, router, stop.clone()));
        Ok(Running { address, stop, served, app })
    }
}

/// A running sandbox. If it is dropped, it keeps running until the Tokio runtime ends.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<()>,
    app: Arc<App>,
}

impl Running {
    /// Returns the address on which the sandbox listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the address of the page that shows the deals, such as `http://127.0.0.1:8090/`.
    pub fn url(&self) -> String {
        url(self.address)
    }

    /// Returns the address of the endpoint for calls, such as `http://127.0.0.1:8090/site/api/crm_add_deal`.
    pub fn api_url(&self) -> String {
        format!("{}site/api/crm_add_deal", self.url())
    }

    /// Stops accepting connections, and waits up to five seconds for connections, then up to five seconds for calls.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.served.await {
            tracing::error!(%error, "the server's task failed");
        }
        self.app.tasks.close();
        if tokio::time::timeout(server::GRACE, self.app.tasks.wait()).await.is_err() {
            tracing::warn!("stopped before all calls had finished");
        }
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}/")
}
