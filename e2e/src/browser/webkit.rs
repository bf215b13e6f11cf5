//! WebKitGTK's MiniBrowser, controlled by `WebKitWebDriver`. The browser draws on a virtual screen.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebElement};

use super::color_scheme::ColorScheme;
use super::driver::{Driver, capabilities};
use super::launch_mode::LaunchMode;
use super::session::Browser;
use super::socks_proxy::SocksProxy;
use crate::process::Process;
use crate::wait::wait_for;
use crate::{http, programs};

/// Removes the minimum size of the browser's buttons. With this minimum size, the window could not
/// be as narrow as a phone.
const GTK_CSS: &str = "* { min-width: 0; padding: 0; margin: 0; border: none; font-size: 1px; }\n";

/// Records the warnings and errors that scripts can observe, because the driver does not report the
/// console. The script runs when the page is loaded. Of earlier messages, it records only policy
/// violations.
const RECORD_CONSOLE: &str = "if (!window.recordedByJourney) {
        const recorded = window.recordedByJourney = [];
        for (const level of ['error', 'warn']) {
            const print = console[level];
            console[level] = (...words) => { recorded.push(words.join(' ')); print(...words); };
        }
        addEventListener('error', ({ message }) => recorded.push(message));
        addEventListener('unhandledrejection', ({ reason }) => recorded.push(String(reason)));
        // The observer below reports only violations from before this script ran, so this listener
        // records the later ones.
        addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
            recorded.push(`violation: ${effectiveDirective} ${blockedURI}`));
        new ReportingObserver((reports) => recorded.push(...reports.map((report) =>
            `${report.type}: ${report.body.effectiveDirective} ${report.body.blockedURL}`,
        )), { buffered: true }).observe();
    }";

pub(super) fn start(profile: &Path, mode: LaunchMode) -> Driver {
    let mut xvfb = Command::new("Xvfb");
    xvfb.args(["-displayfd", "1", "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]);
    // With this flag, Xvfb removes its files and exits when its last client disconnects.
    xvfb.arg("-terminate");
    let (display, number) = Process::start(xvfb, |line| line.trim().parse::<u32>().ok());
    let (process, port) = driver(profile, number);
    let socks_proxy = SocksProxy::start();
    let capabilities = capabilities_for(mode, &socks_proxy);
    let display = Some(display);
    Driver { process, port, capabilities, display, socks_proxy: Some(socks_proxy) }
}

/// Starts the driver on a free port. The driver cannot choose a port itself.
fn driver(profile: &Path, display: u32) -> (Process, u16) {
    fs::create_dir(profile.join("gtk-3.0")).unwrap();
    fs::write(profile.join("gtk-3.0/gtk.css"), GTK_CSS).unwrap();
    wait_for("a free port for the driver", || {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut driver = Command::new(programs::webkit_driver());
        driver.arg(format!("--port={port}"));
        driver.env("DISPLAY", format!(":{display}")).env("GDK_BACKEND", "x11");
        for folder in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
            driver.env(folder, profile);
        }
        // Sets the language that the browser reports to pages. This works even if the locale is not
        // installed.
        driver.env("LANG", "en_US.UTF-8").env_remove("LC_ALL").env_remove("LANGUAGE");
        driver.env("NO_AT_BRIDGE", "1");
        let mut process = Process::spawn(driver);
        // The driver ends if another program has taken the port in the meantime.
        let is_ready = wait_for("the driver", || {
            if process.has_ended() {
                return Some(false);
            }
            http::responds(&format!("http://127.0.0.1:{port}/status")).then_some(true)
        });
        is_ready.then_some((process, port))
    })
}

fn capabilities_for(mode: LaunchMode, socks_proxy: &SocksProxy) -> Capabilities {
    assert_ne!(mode, LaunchMode::Tracing, "only Chromium records traces");
    // Lets a click copy to the clipboard, as in Safari.
    let mut arguments = ["--automation", "--full-screen", "--javascript-can-access-clipboard=true"]
        .map(str::to_owned)
        .to_vec();
    // Do not use the capability `proxy`: the driver reads only its HTTP proxy.
    arguments.push(format!("--proxy=socks5://{}", socks_proxy.address));
    if mode == LaunchMode::NoScripts {
        // Disables only scripts in pages; the driver's scripts must run.
        arguments.push("--enable-javascript-markup=false".to_owned());
    }
    let options = json!({ "binary": programs::mini_browser(), "args": arguments });
    capabilities([("webkitgtk:browserOptions", options)])
}

/// Opens an address, waits until the page is loaded, and starts recording its console.
#[track_caller]
pub(super) fn open(browser: &Browser, url: &str) {
    browser.block_on(browser.session.goto(url));
    browser.script(RECORD_CONSOLE, &[]);
}

pub(super) fn take_console(browser: &Browser) -> Vec<String> {
    let recorded = browser.script("return window.recordedByJourney?.splice(0) ?? [];", &[]);
    serde_json::from_value(recorded).unwrap()
}

/// Scrolls the element into view and waits until it stops moving: when a page becomes shorter, the
/// browser may scroll back. If the element is an option, focuses its list and returns true. If the
/// element is a link in `noscript`, returns its address: with only page scripts disabled, WebKit does not
/// draw `noscript`.
const SCROLL_TO: &str = "const [element] = arguments;
    const link = element.closest('noscript a');
    if (link) return link.href;
    const list = element.matches('option') ? element.closest('select') : null;
    const target = list ?? element;
    const scroll = () => target.scrollIntoView({ block: 'center', behavior: 'instant' });
    scroll();
    list?.focus();
    return new Promise((done) => {
        const check = (before) => requestAnimationFrame(() => {
            const { x, y, height } = target.getBoundingClientRect();
            const middle = y + height / 2;
            const isInView = middle > 0 && middle < innerHeight;
            if (!isInView) scroll();
            if (isInView && before?.x === x && before.y === y) done(list !== null);
            else check({ x, y });
        });
        check();
    });";

/// Clicks with mouse actions, because the driver's own click reports every field in a shadow root as
/// covered. Only options of a list use the driver's click, because pages do not draw options.
pub(super) fn click(browser: &Browser, element: &WebElement) {
    match browser.script(SCROLL_TO, &[element.to_json().unwrap()]) {
        Value::String(address) => open(browser, &address),
        Value::Bool(true) => browser.block_on(element.click()),
        _ => browser.block_on(browser.session.action_chain().click_element(element).perform()),
    }
}

/// Reads the visible texts with a script, because the driver also returns hidden text.
pub(super) fn texts(browser: &Browser, css: &str) -> Vec<String> {
    let script = "return [...document.querySelectorAll(arguments[0])].map((element) =>
        element.checkVisibility() ? element.innerText.trim() : '');";
    serde_json::from_value(browser.script(script, &[json!(css)])).unwrap()
}

/// Dispatches the event from a script, because WebKit reads the network state only from the system.
pub(super) fn set_online(browser: &Browser, online: bool) {
    let event = if online { "online" } else { "offline" };
    browser.script("dispatchEvent(new Event(arguments[0]));", &[json!(event)]);
}

pub(super) fn set_size(browser: &Browser, width: u32, height: u32) {
    browser.block_on(browser.session.set_window_rect(0, 0, width, height));
    browser.wait_for_width(width);
}

/// Sets `color-scheme` on pages that support both schemes: the system's color scheme cannot change
/// while WebKit runs.
pub(super) fn set_color_scheme(browser: &Browser, scheme: ColorScheme) {
    let script = "const root = document.documentElement;
        root.style.colorScheme = '';
        const both = getComputedStyle(root).colorScheme.split(' ').length > 1;
        if (both) root.style.colorScheme = arguments[0];";
    browser.script(script, &[json!(scheme.name())]);
}
