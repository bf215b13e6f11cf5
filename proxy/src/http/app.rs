use std::sync::Arc;

use axum::extract::FromRef;
use axum::http::HeaderValue;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::services::ServeDir;

use super::health::cache::HealthCache;
use super::metrics::Metrics;
use crate::bots::BotCheck;
use crate::delivery::{CurrentForms, HttpCrmClient, Queue};
use crate::limits::SubmissionLimits;
use crate::settings::config::Config;
use crate::settings::forms::Forms;
use crate::store::Store;

/// The state of the HTTP handlers; each handler extracts the parts that it needs. A reload builds
/// another `App` from the new settings.
#[derive(Debug, Clone, FromRef)]
pub(crate) struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) forms: Arc<Forms>,
    pub(crate) store: Store,
    pub(crate) queue: Queue<HttpCrmClient>,
    /// The forms for the deliveries. A reload replaces them.
    pub(crate) current_forms: CurrentForms,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) health: Arc<HealthCache>,
    pub(crate) stopping: CancellationToken,
    pub(crate) limits: Arc<SubmissionLimits>,
    pub(crate) bots: Arc<BotCheck>,
    pub(crate) site: ServeDir,
    pub(crate) page_policy: HeaderValue,
    /// Tasks that continue when the request that started them ends.
    pub(crate) tasks: TaskTracker,
}
