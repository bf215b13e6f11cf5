//! The proxy between a form on a landing page and the CRM.
//!
//! It serves the forms' public halves and the widget, takes submissions, checks them by the same
//! [contract](deal_contract) as the page, adds the form's presets and the API key, which nothing
//! else ever sees, and hands the deal to the CRM.
//!
#![doc = include_str!("submissions.md")]
//!
//! # What it is not for
//! It is not for drawing forms (that is the widget's part, but for a plain page that works without
//! scripts), for deciding what the CRM accepts (the contract's), and not for TLS, HTTP/2 or
//! compression (those of the reverse proxy in front).

mod clock;
mod config;
mod delivery;
mod doctor;
mod faults;
mod forms;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzz;
mod guard;
mod intake;
mod journal;
mod key;
#[cfg(feature = "measured")]
pub mod measured;
mod metrics;
mod page;
mod printable;
mod random;
mod refusal;
mod reload;
mod routes;
mod server;
mod tls;
mod voice;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::HeaderValue;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::services::ServeDir;
use tracing::{info, warn};

pub use crate::config::{
    AddressError, Captcha, Config, ConfigError, CrmUrl, Delivery, Host, Limits, Network,
    NetworkError, Origin, Rate, RateError, Rates, Service, Size, Span, SpanError, Timeouts,
};
pub use crate::delivery::{CrmSetupError, RecoveryError};
pub use crate::doctor::{DoctorError, Report, examine};
pub use crate::forms::{Fault, FormsError, read as read_form};
pub use crate::guard::{CaptchaError, SecretError, SetupError, Suspicion};
pub use crate::intake::spool::SpoolError;
pub use crate::intake::{Malformed, TooLarge};
pub use crate::journal::{
    Counts, Entry, EntryContent, Filter, JournalError, State, StateError, Submissions,
    SubmissionsError,
};
pub use crate::key::{ApiKey, KeyError, VARIABLE as KEY_VARIABLE};
pub use crate::page::snippet;
pub use crate::printable::{printable, printable_json};
pub use crate::refusal::Refusal;
pub use crate::reload::ReloadError;

/// What every request needs. [`Running::reload`] makes another one of other settings.
#[derive(Debug)]
struct App {
    config: Config,
    forms: Arc<forms::Forms>,
    spool: intake::spool::Spool,
    queue: delivery::Queue<delivery::Post>,
    /// The forms as the queue sees them, which a reload changes.
    posted: delivery::CurrentForms,
    metrics: Arc<metrics::Metrics>,
    health: Arc<routes::Health>,
    stopping: CancellationToken,
    guard: guard::Guard,
    site: ServeDir,
    page_policy: HeaderValue,
    /// What outlives the requests that began it.
    tasks: TaskTracker,
}

/// A proxy before it runs.
#[derive(Debug)]
pub struct Proxy;

/// A proxy that takes requests.
#[derive(Debug)]
pub struct Running {
    /// Where it listens; with the real port where 0 was asked for.
    pub addr: SocketAddr,
    app: Arc<App>,
    /// The settings that it was started with: some count until it ends.
    started: Config,
    /// What the next request gets.
    live: watch::Sender<server::Live>,
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
    /// The spool.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// What an earlier run left.
    #[error(transparent)]
    Recovery(#[from] RecoveryError),
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
    /// Mistakes in forms (all of them), a spool or an address that somebody else has, a journal that
    /// cannot be read.
    pub async fn start(config: Config, key: ApiKey) -> Result<Running, StartError> {
        let forms = Arc::new(forms::Forms::load(&config.forms)?);
        let guard = guard::Guard::new(&config, &forms)?;
        let spool = intake::spool::Spool::open(&config.spool, config.limits.disk_floor.0)?;
        let crm = delivery::Crm::new(&config, key)?;
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
        let journal = journal::Journal::open(&config.spool.join(journal::FILE))?;
        delivery::recover(&journal, &spool).await?;
        let posted = delivery::CurrentForms::new(Arc::clone(&forms));
        let post = delivery::Post { crm, forms: posted.clone(), spool: spool.clone() };
        let (rules, ambient) = (config.delivery.clone(), delivery::Ambient::real());
        let queue = delivery::Queue::start(post, journal, spool.clone(), rules, ambient).await?;
        let app = Arc::new(App {
            page_policy: routes::page_policy(&config),
            site: routes::site_folder(&config.site),
            guard,
            config,
            forms,
            spool,
            queue,
            posted,
            metrics: Arc::new(metrics::Metrics::new()),
            health: Arc::default(),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        info!(%addr, forms = ?app.forms.ids().collect::<Vec<_>>(), crm = %app.config.crm_url, "started");
        let (live, current) = watch::channel(server::Live::of(&app));
        let server = tokio::spawn(server::Server::new(current, &app).serve(listener));
        let started = app.config.clone();
        Ok(Running { addr, app, started, live, server })
    }
}

impl Running {
    /// How many submissions are in which state.
    ///
    /// # Errors
    /// A journal that cannot be read.
    pub async fn counts(&self) -> Result<Counts, JournalError> {
        self.app.queue.counts().await
    }

    /// Whether the CRM says that address or key are wrong, and no deal got through since.
    pub fn is_paused(&self) -> bool {
        self.app.queue.is_in_doubt()
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

/// Lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|nibble| char::from_digit(nibble.into(), 16))
        .collect()
}
