//! Starts the servers for all pages, and a browser that records when a page is usable.

use std::env;
use std::path::PathBuf;

use e2e::{Browser, Proxy, Sandbox, Settings, wait_until};
use serde_json::json;

use super::implementations::versions;
use crate::results::ours;

/// Settings that raise the limits for one sender, because the proxy sees the benchmark as a single sender.
const SETTINGS: &str = "[rates]\nper_address = \"1000 per s\"\nper_form = \"1000 per s\"\n";

/// Records when the visitor can type: `seen.field` for any field, `seen.own` for a field that is not part of
/// the plain form inside the element. Checks this before each frame, and records the time after the frame.
/// `seen.shift` is the sum of all layout shifts. It includes those that the browser attributes to input,
/// because browsers count a change of the screen size as input.
const OBSERVE: &str = "
    window.seen = { shift: 0 };
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => seen.shift += value))
        .observe({ type: 'layout-shift', buffered: true });
    const shadows = () => [...document.querySelectorAll('deal-form')].map((e) => e.shadowRoot);
    const texts = 'input:not([type]), input[type=text], input[type=email], textarea';
    const typeable = (control) => !control.disabled && !control.readOnly
        && control.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const isFallback = (control) => control.getRootNode() === document && control.closest('deal-form');
    const record = (what) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => seen[what] ??= performance.now();
        port2.postMessage(null);
    };
    const check = () => {
        const roots = [document, ...shadows()].filter(Boolean);
        const fields = roots.flatMap((root) => [...root.querySelectorAll(texts)]).filter(typeable);
        if (fields.length > 0) record('field');
        if (fields.some((field) => !isFallback(field))) record('own');
        if (!seen.own) requestAnimationFrame(check);
    };
    requestAnimationFrame(check);";

pub(super) struct Stage {
    pub(super) crm: Sandbox,
    proxy: Proxy,
}

impl Stage {
    pub(super) fn start() -> Self {
        let pages = env::var_os("DEAL_FORM_PAGES").map(PathBuf::from);
        let pages = pages.unwrap_or_else(|| panic!("run this with `cargo xtask bench`"));
        let crm = Sandbox::start();
        let settings = Settings {
            forms: pages.join("forms"),
            site: pages.join("site"),
            toml: SETTINGS.to_owned(),
        };
        let proxy = Proxy::with_settings(&crm, settings);
        Self { crm, proxy }
    }

    /// Opens a page and waits until the visitor can fill in the form itself.
    pub(super) fn open(&self, browser: &Browser, page: &str) {
        browser.open(&self.proxy.url(page));
        wait_until("a usable form", || browser.script("return seen.own;", &[]) != json!(null));
    }
}

/// Prepares a browser to record when a page is usable. The browser ignores the proxy's strict
/// Content-Security-Policy: most landing pages have no policy, and some libraries evaluate strings as code.
pub(super) fn observing(browser: Browser) -> Browser {
    browser.devtools("Page.setBypassCSP", json!({"enabled": true}));
    browser.run_before_every_page(OBSERVE);
    browser
}

/// Returns the versions of the packages, the browser and deal-form.
pub(super) fn all_versions() -> Vec<(String, String)> {
    let browser = Browser::start().devtools("Browser.getVersion", json!({}));
    let browser = browser["product"].as_str().unwrap().replace('/', " ").replace("Headless", "");
    let (name, version) = browser.split_once(' ').unwrap();
    let mut versions = versions();
    versions.insert(0, (name.to_owned(), version.to_owned()));
    versions.insert(0, ours("deal-form"));
    versions
}
