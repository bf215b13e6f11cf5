//! Reading configuration and forms anew while the proxy runs.

use std::sync::Arc;

use thiserror::Error;
use tracing::{info, warn};

use crate::bots::SetupError;
use crate::http::{App, Live, page_policy, site_folder};
use crate::proxy::Running;
use crate::settings::config::Config;
use crate::settings::forms::{Forms, FormsError};

/// Why what was read anew is not taken. What was there before goes on.
#[derive(Debug, Error)]
pub enum ReloadError {
    /// The forms.
    #[error(transparent)]
    Forms(#[from] FormsError),
    /// What tells persons from programs.
    #[error(transparent)]
    Guard(#[from] SetupError),
}

impl Running {
    /// Takes other settings and the forms as they are now: for the next request, also on connections
    /// that are open. Requests under way end as they began.
    ///
    /// # Errors
    /// Mistakes in forms and settings that do not fit them; nothing has changed then.
    pub fn reload(&mut self, config: Config) -> Result<(), ReloadError> {
        let app = renewed(&self.app, config).inspect_err(|_| self.app.metrics.reloaded(false))?;
        let restart = needing_restart(&self.started, &app.config);
        if !restart.is_empty() {
            warn!(settings = ?restart, "these settings count from the next start on");
        }
        self.app = app;
        self.app.metrics.reloaded(true);
        self.app.posted.set(Arc::clone(&self.app.forms));
        self.live.send_replace(Live::of(&self.app));
        info!(forms = ?self.app.forms.ids().collect::<Vec<_>>(), "read anew");
        Ok(())
    }

    /// What could not even be read.
    pub fn refused_to_reload(&self) {
        self.app.metrics.reloaded(false);
    }
}

/// The same proxy with other settings: whatever holds files, connections and counts is shared.
fn renewed(app: &App, config: Config) -> Result<App, ReloadError> {
    let forms = Arc::new(Forms::load(&config.forms)?);
    let bots = app.bots.renewed(&config, &forms)?;
    Ok(App {
        page_policy: page_policy(&config),
        site: site_folder(&config.site),
        limits: Arc::new(app.limits.renewed(&config)),
        config: Arc::new(config),
        forms,
        bots: Arc::new(bots),
        store: app.store.clone(),
        queue: app.queue.clone(),
        posted: app.posted.clone(),
        metrics: Arc::clone(&app.metrics),
        health: Arc::clone(&app.health),
        stopping: app.stopping.clone(),
        tasks: app.tasks.clone(),
    })
}

/// The settings that differ and that only a start can change.
fn needing_restart(old: &Config, new: &Config) -> Vec<&'static str> {
    [
        ("listen", old.listen != new.listen),
        ("crm_url", old.crm_url != new.crm_url),
        ("spool", old.spool != new.spool),
        ("limits.disk_floor", old.limits.disk_floor != new.limits.disk_floor),
        ("delivery", old.delivery != new.delivery),
        ("limits.connections", old.limits.connections != new.limits.connections),
        ("timeouts.crm_connect", old.timeouts.crm_connect != new.timeouts.crm_connect),
        ("timeouts.crm_silence", old.timeouts.crm_silence != new.timeouts.crm_silence),
        ("timeouts.stop", old.timeouts.stop != new.timeouts.stop),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
