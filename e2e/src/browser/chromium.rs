//! Chromium, controlled by `chromedriver` and by Chromium's own protocol.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebElement};

use super::color_scheme::ColorScheme;
use super::driver::{Driver, capabilities};
use super::launch_mode::LaunchMode;
use super::session::Browser;
use crate::files::Sample;
use crate::process::Process;
use crate::programs;

/// The name of the driver's log that contains the trace.
pub(super) const TRACE: &str = "performance";

/// The browser emulates a phone if the screen is narrower than this.
const PHONE: u32 = 600;

/// Runs Chromium without a window and without background requests.
const ARGUMENTS: [&str; 11] = [
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
    // Font hinting differs between systems and would change the screenshots.
    "--font-render-hinting=none",
    "--disable-lcd-text",
];

pub(super) fn start(profile: &Path, mode: LaunchMode) -> Driver {
    let mut driver = Command::new(programs::chromedriver());
    driver.arg("--port=0");
    let (process, port) = Process::start(driver, |line| {
        line.strip_prefix("ChromeDriver was started successfully on port ")?
            .trim_end_matches('.')
            .parse()
            .ok()
    });
    Driver {
        process,
        port,
        capabilities: capabilities_for(profile, mode),
        display: None,
        socks_proxy: None,
    }
}

fn capabilities_for(profile: &Path, mode: LaunchMode) -> Capabilities {
    let mut arguments = ARGUMENTS.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    if is_root() {
        // Chromium's sandbox does not run as root.
        arguments.push("--no-sandbox".to_owned());
    }
    let mut options = json!({ "args": arguments });
    if let Some(program) = programs::chromium() {
        options["binary"] = json!(program);
    }
    let mut logs = json!({ "browser": "ALL" });
    match mode {
        LaunchMode::Default => {}
        LaunchMode::NoScripts => {
            const BLOCK: u8 = 2;
            let scripts = "profile.managed_default_content_settings.javascript";
            options["prefs"] = json!({ scripts: BLOCK });
        }
        LaunchMode::Tracing => {
            logs[TRACE] = json!("ALL");
            options["perfLoggingPrefs"] = json!({
                "enableNetwork": false, "enablePage": false,
                "traceCategories": "devtools.timeline,disabled-by-default-devtools.timeline",
            });
        }
    }
    capabilities([
        ("browserName", json!("chrome")),
        ("goog:chromeOptions", options),
        ("goog:loggingPrefs", logs),
    ])
}

pub(super) fn take_console(browser: &Browser) -> Vec<String> {
    let log = browser.block_on(browser.session.browser_log());
    log.into_iter().map(|entry| format!("{}: {}", entry.level, entry.message)).collect()
}

pub(super) fn set_online(browser: &Browser, online: bool) {
    browser.devtools("Network.enable", json!({}));
    let conditions = json!({
        "offline": !online, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
    });
    browser.devtools("Network.emulateNetworkConditions", conditions);
}

pub(super) fn set_size(browser: &Browser, width: u32, height: u32) {
    browser.devtools("Emulation.setScrollbarsHidden", json!({"hidden": true}));
    let screen = json!({
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < PHONE,
    });
    browser.devtools("Emulation.setDeviceMetricsOverride", screen);
}

pub(super) fn set_color_scheme(browser: &Browser, scheme: ColorScheme) {
    let feature = json!({"name": "prefers-color-scheme", "value": scheme.name()});
    browser.devtools("Emulation.setEmulatedMedia", json!({"features": [feature]}));
}

pub(super) fn drop_files(browser: &Browser, target: &WebElement, files: &[&Sample]) {
    browser.block_on(target.scroll_into_view());
    let target = browser.block_on(target.rect());
    let scrolled = browser.script("return [scrollX, scrollY];", &[]);
    let scrolled = |axis: usize| scrolled.get(axis).and_then(Value::as_f64).unwrap();
    let paths: Vec<&Path> = files.iter().map(|file| &*file.path).collect();
    for event in ["dragEnter", "dragOver", "drop"] {
        const COPY: u8 = 1;
        let drag = json!({
            "type": event,
            "x": target.x + target.width / 2.0 - scrolled(0),
            "y": target.y + target.height / 2.0 - scrolled(1),
            "data": {"items": [], "files": paths, "dragOperationsMask": COPY},
        });
        browser.devtools("Input.dispatchDragEvent", drag);
    }
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
