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
use crate::http::{App, Metrics, Reloadable, Server, page_policy, site_folder};
use crate::limits::SubmissionLimits;
use crate::settings::clock::Clock;
use crate::settings::config::{Config, StoreSettingsError};
#[cfg(feature = "shared")]
use crate::settings::database_url::DatabaseUrl;
use crate::settings::forms::{Forms, FormsError};
use crate::settings::key::ApiKey;
use crate::settings::random::Rng;
use crate::store::{Counts, OpenError, Store, StoreError};

/// Starts a proxy: see [`Proxy::start`].
#[derive(Debug)]
pub struct Proxy;

/// A running proxy.
#[derive(Debug)]
pub struct Running {
    /// The address on which the proxy listens. If the settings have port 0, this is the actual port.
    pub addr: SocketAddr,
    pub(crate) app: App,
    /// The settings at the start. Some of them stay in effect until the proxy stops.
    pub(crate) started: Config,
    /// The part of the server that a reload replaces.
    pub(crate) reloadable: watch::Sender<Reloadable>,
    server: JoinHandle<()>,
}

/// Why the proxy could not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The forms could not be loaded.
    #[error(transparent)]
    Forms(#[from] FormsError),
    /// The bot checks could not be set up.
    #[error(transparent)]
    BotCheck(#[from] SetupError),
    /// The settings of the store are wrong.
    #[error(transparent)]
    StoreSettings(#[from] StoreSettingsError),
    /// The spool folder or the journal could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database or the bucket of a shared store could not be used.
    #[cfg(feature = "shared")]
    #[error(transparent)]
    OpenShared(#[from] crate::store::OpenSharedError),
    /// The submissions of an earlier run could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The HTTP client for the CRM could not be set up.
    #[error(transparent)]
    Crm(#[from] CrmSetupError),
    /// The proxy cannot listen on the address.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address in the settings.
        address: SocketAddr,
        /// The error of the system.
        source: io::Error,
    },
}

impl Proxy {
    /// Starts a proxy.
    ///
    /// # Errors
    /// If the proxy cannot start, for example because of mistakes in the forms, a spool folder or an address
    /// that is in use, or a journal that cannot be read.
    pub async fn start(config: Config, key: ApiKey) -> Result<Running, StartError> {
        config.check_store()?;
        config.store.check_env()?;
        let forms = Arc::new(Forms::load(&config.forms)?);
        let bots = BotCheck::new(&config, &forms)?;
        let limits = SubmissionLimits::new(&config);
        let api = CrmApi::new(&config, key)?;
        let address = config.listen;
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let addr = listener.local_addr().map_err(listen)?;
        for warning in config.warnings() {
            warn!("{warning}");
        }
        let store = open_store(&config).await?;
        let current_forms = CurrentForms::new(Arc::clone(&forms));
        let crm = HttpCrmClient { api, forms: current_forms.clone(), store: store.clone() };
        let queue =
            Queue::start(crm, store.clone(), config.delivery.clone(), Rng::system()).await?;
        queue.metrics().add_forms(forms.ids());
        let metrics = Arc::new(Metrics::new(queue.metrics(), &store));
        metrics.add_forms(forms.ids());
        let app = App {
            page_policy: page_policy(&config, &forms),
            site: site_folder(&config.site),
            limits: Arc::new(limits),
            bots: Arc::new(bots.with_store(&store)),
            config: Arc::new(config),
            forms,
            store,
            queue,
            current_forms,
            metrics,
            health: Arc::default(),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        info!(%addr, forms = ?app.forms.ids().collect::<Vec<_>>(), crm = %app.config.crm_url, "started");
        let (reloadable, current) = watch::channel(Reloadable::of(&app));
        let server = tokio::spawn(Server::new(current, &app).serve(listener));
        let started = Config::clone(&app.config);
        Ok(Running { addr, app, started, reloadable, server })
    }
}

/// Opens the store in the settings.
async fn open_store(config: &Config) -> Result<Store, StartError> {
    #[cfg(feature = "shared")]
    if config.store.is_shared() {
        let database = DatabaseUrl::from_env().map_err(StoreSettingsError::from)?;
        return Ok(Store::open_shared(config, &database, Clock::system()).await?);
    }
    let floor = config.limits.disk_floor.0;
    Ok(Store::open(&config.spool, floor, Clock::system()).await?)
}

impl Running {
    /// Returns the number of submissions in each state.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.app.queue.counts().await
    }

    /// Returns whether the CRM's responses say that its address or the key is wrong, and no deal has
    /// been delivered since then.
    pub fn is_paused(&self) -> bool {
        self.app.queue.has_suspects()
    }

    /// Stops the proxy: accepts no more requests, and finishes the running ones within
    /// `timeouts.stop`. Submissions that are not delivered by then stay in the journal, and the proxy
    /// delivers them after the next start.
    pub async fn stop(self) {
        let end = Instant::now() + self.started.timeouts.stop.0;
        self.app.stopping.cancel();
        self.app.queue.stop_retries();
        let served = self.server.await;
        self.app.tasks.close();
        let entered = timeout_at(end, self.app.tasks.wait()).await;
        let delivered = self.app.queue.stop(end).await;
        if served.is_err() || entered.is_err() || !delivered {
            warn!(
                "stopped before all requests and deliveries were finished: the submissions in the \
                 journal are delivered after the next start"
            );
        }
    }
}
