//! Firefox, controlled by `geckodriver`. Scripts in the browser's own context do what WebDriver
//! cannot; the flag `--allow-system-access` allows them.

use std::path::Path;
use std::process::Command;

use axum::http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{Capabilities, RequestData, SessionId};

use super::color_scheme::ColorScheme;
use super::driver::{Driver, capabilities};
use super::launch_mode::LaunchMode;
use super::session::Browser;
use super::socks_proxy::SocksProxy;
use crate::process::Process;
use crate::programs;

/// Records warnings and errors from pages, and the browser's messages about pages.
/// `Services.console` receives all messages except calls to `console`, which only the page's own
/// process can observe. Ignores the error about a database transaction that a navigation aborts,
/// because it is expected.
const RECORD_CONSOLE: &str = r#"window.recorded = [];
    Services.mm.addMessageListener("recorded", ({ data }) => recorded.push(data));
    const listen = () => {
        const storage = Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage);
        const system = Cc["@mozilla.org/systemprincipal;1"].createInstance(Ci.nsIPrincipal);
        storage.addLogEventListener(({ level, filename, arguments: words }) => {
            const ofPage = filename.startsWith("http") && (level === "error" || level === "warn");
            if (ofPage) sendAsyncMessage("recorded", words.join(" "));
        }, system);
    };
    Services.mm.loadFrameScript(`data:,(${encodeURIComponent(listen)})()`, true);
    Services.console.registerListener({ observe(message) {
        if (!(message instanceof Ci.nsIScriptError)) return;
        const { sourceName, category, errorMessage } = message;
        // CORS messages do not name the page.
        const ofPage = sourceName.startsWith("http") || category.startsWith("CORS");
        const leftPage = errorMessage.includes("IndexedDB transaction") && errorMessage.includes("navigation");
        if (ofPage && !leftPage) recorded.push(`${category}: ${errorMessage}`);
    } });"#;

pub(super) fn start(profile: &Path, mode: LaunchMode) -> Driver {
    let mut driver = Command::new(programs::geckodriver());
    driver.args(["--port=0", "--websocket-port=0", "--allow-system-access", "--profile-root"]);
    let (process, port) = Process::start(driver_in(driver, profile), |line| {
        line.split_once("Listening on 127.0.0.1:")?.1.trim().parse().ok()
    });
    let socks_proxy = SocksProxy::start();
    let capabilities = capabilities_for(mode, &socks_proxy);
    Driver { process, port, capabilities, display: None, socks_proxy: Some(socks_proxy) }
}

fn driver_in(mut driver: Command, profile: &Path) -> Command {
    driver.arg(profile);
    driver
}

fn capabilities_for(mode: LaunchMode, socks_proxy: &SocksProxy) -> Capabilities {
    assert_ne!(mode, LaunchMode::Tracing, "only Chromium records traces");
    let mut options = json!({
        "args": ["-headless", "--width=1000", "--height=1000"],
        "prefs": {
            "intl.locale.requested": "en-US",
            "javascript.enabled": mode != LaunchMode::NoScripts,
            // Requests to this machine also use the SOCKS proxy.
            "network.proxy.allow_hijacking_localhost": true,
            // Draw scroll bars over the page, so that they do not reduce its width.
            "ui.useOverlayScrollbars": 1,
        },
    });
    if let Some(program) = programs::firefox() {
        options["binary"] = json!(program);
    }
    let address = socks_proxy.address.to_string();
    let proxy = json!({ "proxyType": "manual", "socksProxy": address, "socksVersion": 5 });
    capabilities([
        ("browserName", json!("firefox")),
        ("proxy", proxy),
        ("moz:firefoxOptions", options),
    ])
}

/// Starts recording the console. Call this before you open the first page.
pub(super) fn record_console(browser: &Browser) {
    run_in_browser(browser, RECORD_CONSOLE, &[]);
}

pub(super) fn take_console(browser: &Browser) -> Vec<String> {
    let recorded = run_in_browser(browser, "return window.recorded.splice(0);", &[]);
    serde_json::from_value(recorded).unwrap()
}

/// Sets the network state that the browser reports to pages.
pub(super) fn set_online(browser: &Browser, online: bool) {
    run_in_browser(browser, "Services.io.offline = !arguments[0];", &[json!(online)]);
}

/// Firefox's windows cannot be as narrow as phones, so this narrows the page in its window.
pub(super) fn set_width(browser: &Browser, width: u32) {
    let script = "const { style } = gBrowser.selectedBrowser;
        for (const name of ['width', 'min-width', 'max-width']) style.setProperty(name, arguments[0]);";
    run_in_browser(browser, script, &[json!(format!("{width}px"))]);
    browser.wait_for_width(width);
}

/// Narrows the page as [`set_width`] does, and shortens it.
pub(super) fn set_size(browser: &Browser, width: u32, height: u32) {
    let script = "const { style } = gBrowser.selectedBrowser;
        for (const name of ['height', 'min-height', 'max-height']) style.setProperty(name, arguments[0]);";
    run_in_browser(browser, script, &[json!(format!("{height}px"))]);
    set_width(browser, width);
}

pub(super) fn set_color_scheme(browser: &Browser, scheme: ColorScheme) {
    let script =
        "gBrowser.selectedBrowser.browsingContext.prefersColorSchemeOverride = arguments[0];";
    run_in_browser(browser, script, &[json!(scheme.name())]);
}

/// Runs a script in the browser's own context, not in the page.
fn run_in_browser(browser: &Browser, script: &str, arguments: &[Value]) -> Value {
    browser.block_on(browser.session.cmd(Context("chrome")));
    let value = browser.script(script, arguments);
    browser.block_on(browser.session.cmd(Context("content")));
    value
}

/// The geckodriver command that sets the context for later scripts.
#[derive(Debug)]
struct Context(&'static str);

impl FormatRequestData for Context {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::POST, format!("session/{session}/moz/context"))
            .add_body(json!({ "context": self.0 }))
    }
}
