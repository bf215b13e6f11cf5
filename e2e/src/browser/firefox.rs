//! Firefox, by `geckodriver`. What WebDriver has no words for is done by scripts of the browser's
//! own, which may do all that Firefox can: `--allow-system-access`.

use std::path::Path;
use std::process::Command;

use axum::http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{Capabilities, RequestData, SessionId};

use super::driver::{Driver, capabilities};
use super::line::Line;
use super::session::Browser;
use super::settings::{Scheme, Setting};
use crate::process::Process;
use crate::programs;

/// Notes what pages, and the browser about them, complain of. `Services.console` hears all but what
/// scripts say by `console`, which is heard where it is said: in the processes of pages. That a page
/// was left while it looked for kept files is nobody's fault.
const LISTEN: &str = r#"window.told = [];
    Services.mm.addMessageListener("told", ({ data }) => told.push(data));
    const listen = () => {
        const storage = Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage);
        const system = Cc["@mozilla.org/systemprincipal;1"].createInstance(Ci.nsIPrincipal);
        storage.addLogEventListener(({ level, filename, arguments: words }) => {
            const ours = filename.startsWith("http") && (level === "error" || level === "warn");
            if (ours) sendAsyncMessage("told", words.join(" "));
        }, system);
    };
    Services.mm.loadFrameScript(`data:,(${encodeURIComponent(listen)})()`, true);
    Services.console.registerListener({ observe(message) {
        if (!(message instanceof Ci.nsIScriptError)) return;
        const { sourceName, category, errorMessage } = message;
        // Of another origin it does not tell the page.
        const ours = sourceName.startsWith("http") || category.startsWith("CORS");
        const left = errorMessage.includes("IndexedDB transaction") && errorMessage.includes("navigation");
        if (ours && !left) told.push(`${category}: ${errorMessage}`);
    } });"#;

pub(super) fn start(profile: &Path, setting: Setting) -> Driver {
    let mut driver = Command::new(programs::geckodriver());
    driver.args(["--port=0", "--websocket-port=0", "--allow-system-access", "--profile-root"]);
    let (process, port) = Process::start(driver_in(driver, profile), |line| {
        line.split_once("Listening on 127.0.0.1:")?.1.trim().parse().ok()
    });
    let line = Line::start();
    Driver { process, port, wanted: wanted(setting, &line), display: None, line: Some(line) }
}

fn driver_in(mut driver: Command, profile: &Path) -> Command {
    driver.arg(profile);
    driver
}

fn wanted(setting: Setting, line: &Line) -> Capabilities {
    assert_ne!(setting, Setting::Recording, "Firefox's driver records nothing");
    let mut options = json!({
        "args": ["-headless", "--width=1000", "--height=1000"],
        "prefs": {
            "intl.locale.requested": "en-US",
            "javascript.enabled": setting != Setting::NoScripts,
            // Also what stays on this machine goes over the line.
            "network.proxy.allow_hijacking_localhost": true,
            // As in most places, scroll bars take no room.
            "ui.useOverlayScrollbars": 1,
        },
    });
    if let Some(program) = programs::firefox() {
        options["binary"] = json!(program);
    }
    let address = line.address.to_string();
    let proxy = json!({ "proxyType": "manual", "socksProxy": address, "socksVersion": 5 });
    capabilities([
        ("browserName", json!("firefox")),
        ("proxy", proxy),
        ("moz:firefoxOptions", options),
    ])
}

/// Begins to listen; to be done before the first page.
pub(super) fn listen(browser: &Browser) {
    inside(browser, LISTEN, &[]);
}

pub(super) fn console(browser: &Browser) -> Vec<String> {
    let told = inside(browser, "return window.told.splice(0);", &[]);
    serde_json::from_value(told).unwrap()
}

/// What the browser itself believes of its line, and tells pages.
pub(super) fn online(browser: &Browser, online: bool) {
    inside(browser, "Services.io.offline = !arguments[0];", &[json!(online)]);
}

/// Its windows are never as narrow as phones, what is in them may be.
pub(super) fn screen(browser: &Browser, width: u32) {
    let script = "const { style } = gBrowser.selectedBrowser;
        for (const name of ['width', 'min-width', 'max-width']) style.setProperty(name, arguments[0]);";
    inside(browser, script, &[json!(format!("{width}px"))]);
    browser.wait_for_width(width);
}

pub(super) fn prefer(browser: &Browser, scheme: Scheme) {
    let script =
        "gBrowser.selectedBrowser.browsingContext.prefersColorSchemeOverride = arguments[0];";
    inside(browser, script, &[json!(scheme.name())]);
}

/// Runs a script as a part of the browser, not of the page.
fn inside(browser: &Browser, script: &str, arguments: &[Value]) -> Value {
    browser.wait(browser.session.cmd(Context("chrome")));
    let value = browser.script(script, arguments);
    browser.wait(browser.session.cmd(Context("content")));
    value
}

/// Where scripts are run from now on: a command of geckodriver's.
#[derive(Debug)]
struct Context(&'static str);

impl FormatRequestData for Context {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::POST, format!("session/{session}/moz/context"))
            .add_body(json!({ "context": self.0 }))
    }
}
