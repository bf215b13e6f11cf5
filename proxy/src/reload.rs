//! Reloads settings and forms while the proxy runs.

use std::sync::Arc;

use thiserror::Error;
use tracing::{info, warn};

use crate::bots::{BotCheck, SetupError};
use crate::http::{App, Reloadable, page_policy, site_folder};
use crate::proxy::Running;
use crate::settings::config::{Config, StoreSettingsError};
use crate::settings::forms::{Forms, FormsError};

/// Why a reload failed. The proxy continues with the old settings and forms.
#[derive(Debug, Error)]
pub enum ReloadError {
    /// The forms could not be loaded.
    #[error(transparent)]
    Forms(#[from] FormsError),
    /// The bot checks could not be set up.
    #[error(transparent)]
    BotCheck(#[from] SetupError),
    /// The settings of the store are wrong.
    #[error(transparent)]
    Store(#[from] StoreSettingsError),
}

impl Running {
    /// Replaces the settings, and loads the forms again. The next request uses them, even on an open
    /// connection; running requests keep the old ones.
    ///
    /// # Errors
    /// Mistakes in the forms, or settings that do not fit the forms. Then nothing changes.
    pub fn reload(&mut self, config: Config) -> Result<(), ReloadError> {
        let app = reloaded_app(&self.app, config)
            .inspect_err(|_| self.app.metrics.count_reload(false))?;
        let restart = needing_restart(&self.started, &app.config);
        if !restart.is_empty() {
            warn!(settings = ?restart, "these settings take effect only after a restart");
        }
        self.app = app;
        self.app.queue.metrics().add_forms(self.app.forms.ids());
        self.app.metrics.add_forms(self.app.forms.ids());
        self.app.metrics.count_reload(true);
        self.app.current_forms.set(Arc::clone(&self.app.forms));
        self.reloadable.send_replace(Reloadable::of(&self.app));
        info!(forms = ?self.app.forms.ids().collect::<Vec<_>>(), "reloaded settings and forms");
        Ok(())
    }

    /// Counts a reload that failed because the settings could not be read.
    pub fn count_failed_reload(&self) {
        self.app.metrics.count_reload(false);
    }
}

/// Checks that a proxy with these settings can load its forms and set up the bot checks, as it does at a
/// start and at a reload. Without `env`, the secrets in the environment are not checked.
///
/// # Errors
/// Mistakes in the forms, or settings that do not fit the forms.
pub fn check_together(config: &Config, env: bool) -> Result<(), ReloadError> {
    config.check_store()?;
    if env {
        config.store.check_env()?;
    }
    let forms = Forms::load(&config.forms)?;
    if env {
        BotCheck::new(config, &forms)?;
    } else {
        BotCheck::check_without_secrets(config, &forms)?;
    }
    Ok(())
}

/// Builds an `App` with other settings. It shares the store, the queue and the metrics with the old `App`.
fn reloaded_app(app: &App, config: Config) -> Result<App, ReloadError> {
    config.check_store()?;
    let forms = Arc::new(Forms::load(&config.forms)?);
    let bots = app.bots.with_config(&config, &forms)?;
    Ok(App {
        page_policy: page_policy(&config, &forms),
        site: site_folder(&config.site),
        limits: Arc::new(app.limits.with_config(&config)),
        config: Arc::new(config),
        forms,
        bots: Arc::new(bots),
        store: app.store.clone(),
        queue: app.queue.clone(),
        current_forms: app.current_forms.clone(),
        metrics: Arc::clone(&app.metrics),
        health: Arc::clone(&app.health),
        stopping: app.stopping.clone(),
        tasks: app.tasks.clone(),
    })
}

/// Returns the names of the settings that differ and take effect only after a restart.
fn needing_restart(old: &Config, new: &Config) -> Vec<&'static str> {
    [
        ("listen", old.listen != new.listen),
        ("crm_url", old.crm_url != new.crm_url),
        ("spool", old.spool != new.spool),
        ("store", old.store != new.store),
        ("limits.disk_floor", old.limits.disk_floor != new.limits.disk_floor),
        ("delivery", old.delivery != new.delivery),
        ("limits.connections", old.limits.connections != new.limits.connections),
        ("timeouts.crm_connect", old.timeouts.crm_connect != new.timeouts.crm_connect),
        ("timeouts.crm_silence", old.timeouts.crm_silence != new.timeouts.crm_silence),
        ("log", old.log != new.log),
        ("timeouts.stop", old.timeouts.stop != new.timeouts.stop),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
