//! The servers behind all pages, and the order in which pages have their turn.

use std::env;
use std::path::PathBuf;

use e2e::{Browser, Proxy, Sandbox, Settings, wait_until};
use serde_json::json;

use super::peers::versions;
use crate::results::ours;

/// One proxy and one CRM for everybody. The proxy's limits for one sender are out of the way.
const SETTINGS: &str = "[rates]\nper_address = \"1000 per s\"\nper_form = \"1000 per s\"\n";

/// Notes when something can be typed: in `seen.field` in any field, in `seen.own` in a field that is
/// not only there until the widget comes. Looks before each picture and notes the time after it.
/// `seen.shift` sums all layout shifts: while a page loads, nobody touches it, though browsers take
/// the change of a screen's size for a touch.
const OBSERVE: &str = "
    window.seen = { shift: 0 };
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => seen.shift += value))
        .observe({ type: 'layout-shift', buffered: true });
    const shadows = () => [...document.querySelectorAll('deal-form')].map((e) => e.shadowRoot);
    const texts = 'input:not([type]), input[type=text], input[type=email], textarea';
    const typeable = (control) => !control.disabled && !control.readOnly
        && control.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const isFallback = (control) => control.getRootNode() === document && control.closest('deal-form');
    const note = (what) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => seen[what] ??= performance.now();
        port2.postMessage(null);
    };
    const look = () => {
        const roots = [document, ...shadows()].filter(Boolean);
        const fields = roots.flatMap((root) => [...root.querySelectorAll(texts)]).filter(typeable);
        if (fields.length > 0) note('field');
        if (fields.some((field) => !isFallback(field))) note('own');
        if (!seen.own) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);";

pub(super) struct Stage {
    pub(super) crm: Sandbox,
    proxy: Proxy,
}

impl Stage {
    pub(super) fn start() -> Self {
        let pages = env::var_os("DEAL_FORM_PAGES").map(PathBuf::from);
        let pages = pages.unwrap_or_else(|| panic!("run this by `cargo xtask bench`"));
        let crm = Sandbox::start();
        let settings = Settings {
            forms: pages.join("forms"),
            site: pages.join("site"),
            toml: SETTINGS.to_owned(),
        };
        let proxy = Proxy::with_settings(&crm, settings);
        Self { crm, proxy }
    }

    /// Opens a page and waits until the form itself can be filled in.
    pub(super) fn open(&self, browser: &Browser, page: &str) {
        browser.open(&self.proxy.url(page));
        wait_until("a form that can be filled in", || {
            browser.script("return seen.own;", &[]) != json!(null)
        });
    }
}

/// A browser that notes when a page can be used. It does not heed the strict policy with which the
/// proxy sends pages: most landing pages have none, and some peers make code out of texts.
pub(super) fn watching(browser: Browser) -> Browser {
    browser.devtools("Page.setBypassCSP", json!({"enabled": true}));
    browser.run_before_every_page(OBSERVE);
    browser
}

/// What was measured with: packages, the browser, the project itself.
pub(super) fn all_versions() -> Vec<(String, String)> {
    let browser = Browser::start().devtools("Browser.getVersion", json!({}));
    let browser = browser["product"].as_str().unwrap().replace('/', " ").replace("Headless", "");
    let (name, version) = browser.split_once(' ').unwrap();
    let mut versions = versions();
    versions.insert(0, (name.to_owned(), version.to_owned()));
    versions.insert(0, ours("deal-form"));
    versions
}
