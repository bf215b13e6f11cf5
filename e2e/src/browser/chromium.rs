//! How Chromium is started.

use std::path::Path;

use serde_json::json;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{
    ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel,
};

use crate::programs;

/// The driver's log in which a record is found.
pub(super) const TRACE: &str = "performance";

/// Chromium as a visitor has it, but silent about anything that is not the page's.
pub(super) fn usual(profile: &Path) -> WebDriverResult<ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    if let Some(program) = programs::chromium() {
        wanted.set_binary(&program.to_string_lossy())?;
    }
    for argument in [
        "--headless=new",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Shared memory is small in containers.
        "--disable-dev-shm-usage",
        "--lang=en-US",
        "--window-size=1000,1000",
    ] {
        wanted.add_arg(argument)?;
    }
    wanted.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    if is_root() {
        // Chromium's sandbox does not start as root.
        wanted.add_arg("--no-sandbox")?;
    }
    wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(wanted)
}

/// Without scripts in pages.
pub(super) fn forbid_scripts(wanted: &mut ChromeCapabilities) -> WebDriverResult<()> {
    const BLOCK: u8 = 2;
    let setting = "profile.managed_default_content_settings.javascript";
    wanted.add_experimental_option("prefs", json!({ setting: BLOCK }))
}

/// With a record of what the threads of pages do.
pub(super) fn trace(wanted: &mut ChromeCapabilities) -> WebDriverResult<()> {
    wanted.set_logging_prefs(TRACE, LoggingPrefsLogLevel::All)?;
    let what = json!({
        "enableNetwork": false, "enablePage": false,
        "traceCategories": "devtools.timeline,disabled-by-default-devtools.timeline",
    });
    wanted.add_experimental_option("perfLoggingPrefs", what)
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}
