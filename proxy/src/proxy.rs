//! Starting and stopping the proxy.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use crate::bots::{BotCheck, SetupError};
use crate::delivery::{CrmApi, CrmSetupError, CurrentForms, HttpCrmClient, Queue};
use crate::http::{App, Live, Metrics, Server, page_policy, site_folder};
use crate::limits::SubmissionLimits;
use crate::settings::clock::Clock;
use crate::settings::config::Config;
use crate::settings::forms::{Forms, FormsError};
use crate::settings::key::ApiKey;
use crate::settings::random::Rng;
use crate::store::{Counts, OpenError, Store, StoreError};

/// A proxy before it runs.
#[derive(Debug)]
pub struct Proxy;

/// A proxy that takes requests.
#[derive(Debug)]
pub struct Running {
    /// Where it listens; with the real port where 0 was asked for.
    pub addr: SocketAddr,
    pub(crate) app: App,
    /// The settings that it was started with: some count until it ends.
    pub(crate) started: Config,
    /// What the next request gets.
    pub(crate) live: watch::Sender<Live>,
    server: JoinHandle<()>,
}

/// Why the proxy does not run.
#[derive(Debug, Error)]
pub enum StartError {
    /// The forms.
    #[error(transparent)]
    Forms(#[from] FormsError),
    /// What tells persons from programs.
    #[error(transparent)]
    Guard(#[from] SetupError),
    /// The spool folder with its journal.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The submissions of an earlier run.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The connections to the CRM.
    #[error(transparent)]
    Crm(#[from] CrmSetupError),
    /// The address.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

impl Proxy {
    /// Starts a proxy.
    ///
    /// # Errors
    /// Mistakes in forms (all of them), a spool folder or an address that is in use, a journal that cannot be read.
    pub async fn start(config: Config, key: ApiKey) -> Result<Running, StartError> {
        let forms = Arc::new(Forms::load(&config.forms)?);
        let bots = BotCheck::new(&config, &forms)?;
        let limits = SubmissionLimits::new(&config);
        let api = CrmApi::new(&config, key)?;
        let address = config.listen;
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let addr = listener.local_addr().map_err(listen)?;
        if !config.site.is_dir() {
            warn!(folder = %config.site.display(), "there is no site folder: the widget is not served");
        }
        if !config.crm_url.is_loopback() && config.crm_url.is_plain() {
            warn!("the CRM's address is not https: the key goes over the network in the clear");
        }
        let floor = config.limits.disk_floor.0;
        let store = Store::open(&config.spool, floor, Clock::system()).await?;
        let posted = CurrentForms::new(Arc::clone(&forms));
        let crm = HttpCrmClient { api, forms: posted.clone(), store: store.clone() };
        let queue =
            Queue::start(crm, store.clone(), config.delivery.clone(), Rng::system()).await?;
        let app = App {
            page_policy: page_policy(&config),
            site: site_folder(&config.site),
            limits: Arc::new(limits),
            bots: Arc::new(bots),
            config: Arc::new(config),
            forms,
            store,
            queue,
            posted,
            metrics: Arc::new(Metrics::new()),
            health: Arc::default(),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        info!(%addr, forms = ?app.forms.ids().collect::<Vec<_>>(), crm = %app.config.crm_url, "started");
        let (live, current) = watch::channel(Live::of(&app));
        let server = tokio::spawn(Server::new(current, &app).serve(listener));
        let started = Config::clone(&app.config);
        Ok(Running { addr, app, started, live, server })
    }
}

impl Running {
    /// The number of submissions in each state.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.app.queue.counts().await
    }

    /// Whether the CRM says that address or key are wrong, and no deal got through since.
    pub fn is_paused(&self) -> bool {
        self.app.queue.has_suspects()
    }

    /// Takes no more requests, finishes those under way within the configured time, and ends. What
    /// is not delivered by then is kept, and taken up at the next start.
    pub async fn stop(self) {
        let end = Instant::now() + self.started.timeouts.stop.0;
        self.app.stopping.cancel();
        self.app.queue.begin_no_retries();
        let served = self.server.await;
        self.app.tasks.close();
        let entered = timeout_at(end, self.app.tasks.wait()).await;
        let delivered = self.app.queue.stop(end).await;
        if served.is_err() || entered.is_err() || !delivered {
            warn!(
                "stopped before everything was finished: what is kept is taken up at the next start"
            );
        }
    }
}
