//! WebKitGTK's MiniBrowser, by `WebKitWebDriver`. It draws on a screen of its own, which nobody sees.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebElement};

use super::driver::{Driver, capabilities};
use super::line::Line;
use super::session::Browser;
use super::settings::{Scheme, Setting};
use crate::process::Process;
use crate::wait::eventually;
use crate::{http, programs};

/// Buttons that take no room: they would keep the window from being as narrow as a phone.
const GTK_CSS: &str = "* { min-width: 0; padding: 0; margin: 0; border: none; font-size: 1px; }\n";

/// Notes what scripts can hear of complaints. The driver tells nothing of the console, and what is
/// said before a page is loaded is only heard where it is a violation of a policy.
const LISTEN: &str = "if (!window.heardByJourney) {
        const told = window.heardByJourney = [];
        for (const level of ['error', 'warn']) {
            const say = console[level];
            console[level] = (...words) => { told.push(words.join(' ')); say(...words); };
        }
        addEventListener('error', ({ message }) => told.push(message));
        addEventListener('unhandledrejection', ({ reason }) => told.push(String(reason)));
        // The observer below tells none of the violations that come later.
        addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
            told.push(`violation: ${effectiveDirective} ${blockedURI}`));
        new ReportingObserver((reports) => told.push(...reports.map((report) =>
            `${report.type}: ${report.body.effectiveDirective} ${report.body.blockedURL}`,
        )), { buffered: true }).observe();
    }";

pub(super) fn start(profile: &Path, setting: Setting) -> Driver {
    let mut xvfb = Command::new("Xvfb");
    xvfb.args(["-displayfd", "1", "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]);
    // It ends with its last window, and so takes its own files away.
    xvfb.arg("-terminate");
    let (display, number) = Process::start(xvfb, |line| line.trim().parse::<u32>().ok());
    let (process, port) = driver(profile, number);
    let line = Line::start();
    let wanted = wanted(setting, &line);
    Driver { process, port, wanted, display: Some(display), line: Some(line) }
}

/// The driver does not say where it listens, and takes no port that it may choose.
fn driver(profile: &Path, display: u32) -> (Process, u16) {
    fs::create_dir(profile.join("gtk-3.0")).unwrap();
    fs::write(profile.join("gtk-3.0/gtk.css"), GTK_CSS).unwrap();
    eventually("port for the driver", || {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut driver = Command::new(programs::webkit_driver());
        driver.arg(format!("--port={port}"));
        driver.env("DISPLAY", format!(":{display}")).env("GDK_BACKEND", "x11");
        for folder in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
            driver.env(folder, profile);
        }
        // The language of pages follows; that the C library has no such locale does not matter.
        driver.env("LANG", "en_US.UTF-8").env_remove("LC_ALL").env_remove("LANGUAGE");
        driver.env("NO_AT_BRIDGE", "1");
        let mut process = Process::spawn(driver);
        // Somebody else may have taken the port meanwhile: then it ends.
        let ready = eventually("driver that listens", || {
            if process.has_ended() {
                return Some(false);
            }
            http::answers(&format!("http://127.0.0.1:{port}/status")).then_some(true)
        });
        ready.then_some((process, port))
    })
}

fn wanted(setting: Setting, line: &Line) -> Capabilities {
    assert_ne!(setting, Setting::Recording, "WebKit's driver records nothing");
    // Whoever presses a button that copies gets a copy, as in Safari.
    let mut arguments = ["--automation", "--full-screen", "--javascript-can-access-clipboard=true"]
        .map(str::to_owned)
        .to_vec();
    // Not the capability `proxy`: of that only the one for HTTP is heeded.
    arguments.push(format!("--proxy=socks5://{}", line.address));
    if setting == Setting::NoScripts {
        // Those of pages: the driver's own have to run.
        arguments.push("--enable-javascript-markup=false".to_owned());
    }
    let options = json!({ "binary": programs::mini_browser(), "args": arguments });
    capabilities([("webkitgtk:browserOptions", options)])
}

/// Goes to an address, waits until it is loaded, and begins to listen to the page.
#[track_caller]
pub(super) fn open(browser: &Browser, url: &str) {
    browser.wait(browser.session.goto(url));
    browser.script(LISTEN, &[]);
}

pub(super) fn console(browser: &Browser) -> Vec<String> {
    let told = browser.script("return window.heardByJourney?.splice(0) ?? [];", &[]);
    serde_json::from_value(told).unwrap()
}

/// Brings what is to be clicked before the eyes, and waits until it is there and moves no more: what
/// the browser does about a page that has grown shorter may scroll it back. Whoever opens a list goes
/// there. Where only the scripts of pages are off, `noscript` is not drawn: of a link in it this gives
/// the address.
const SHOW: &str = "const [element] = arguments;
    const undrawn = element.closest('noscript a');
    if (undrawn) return undrawn.href;
    const list = element.matches('option') ? element.closest('select') : null;
    const place = list ?? element;
    const show = () => place.scrollIntoView({ block: 'center', behavior: 'instant' });
    show();
    list?.focus();
    return new Promise((done) => {
        const look = (before) => requestAnimationFrame(() => {
            const { x, y, height } = place.getBoundingClientRect();
            const middle = y + height / 2;
            const seen = middle > 0 && middle < innerHeight;
            if (!seen) show();
            if (seen && before?.x === x && before.y === y) done(list !== null);
            else look({ x, y });
        });
        look();
    });";

/// By the mouse itself: the driver's own way to click takes every field in a shadow root for covered.
/// Only an answer of a list, which no page draws, needs it.
pub(super) fn click(browser: &Browser, element: &WebElement) {
    match browser.script(SHOW, &[element.to_json().unwrap()]) {
        Value::String(address) => open(browser, &address),
        Value::Bool(true) => browser.wait(element.click()),
        _ => browser.wait(browser.session.action_chain().click_element(element).perform()),
    }
}

/// The driver takes what is not drawn at all for text that is seen.
pub(super) fn texts(browser: &Browser, css: &str) -> Vec<String> {
    let script = "return [...document.querySelectorAll(arguments[0])].map((element) =>
        element.checkVisibility() ? element.innerText.trim() : '');";
    serde_json::from_value(browser.script(script, &[json!(css)])).unwrap()
}

/// The browser hears of its line from the system alone, so the news is a script's.
pub(super) fn online(browser: &Browser, online: bool) {
    let news = if online { "online" } else { "offline" };
    browser.script("dispatchEvent(new Event(arguments[0]));", &[json!(news)]);
}

pub(super) fn screen(browser: &Browser, width: u32) {
    browser.wait(browser.session.set_window_rect(0, 0, width, 800));
    browser.wait_for_width(width);
}

/// As a page looks that leaves it to the visitor's system. The system itself cannot be told while
/// it runs.
pub(super) fn prefer(browser: &Browser, scheme: Scheme) {
    let script = "const root = document.documentElement;
        root.style.colorScheme = '';
        const both = getComputedStyle(root).colorScheme.split(' ').length > 1;
        if (both) root.style.colorScheme = arguments[0];";
    browser.script(script, &[json!(scheme.name())]);
}
