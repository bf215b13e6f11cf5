//! Checks that the page can load and run the widget's files.

use reqwest::Url;

use super::browser::{Browser, describe};
use super::page::{Page, Script};
use super::report::Report;

/// The files that the loader loads from its own folder.
const WIDGET: [(&str, &[&str]); 2] =
    [("deal-form-widget.js", SCRIPT), ("deal-form-widget_bg.wasm", &["application/wasm"])];

/// The media types of a script, the usual one first.
const SCRIPT: &[&str] = &["text/javascript", "application/javascript"];

pub(super) async fn check(report: &mut Report, browser: &Browser, page: &Page) {
    let Some(script) = page.scripts.iter().find(|script| script.is_loader()) else {
        report.fault(
            "the page has no script that defines <deal-form>",
            "Add <script type=\"module\" src=\"https://YOUR-PROXY/deal-form.js\"></script>.",
        );
        return;
    };
    report.check(
        script.is_module,
        "the script is a module",
        "the script is not loaded as a module, so it does not run",
        "Write <script type=\"module\" …>.",
    );
    check_policies(report, page, script);
    check_file(report, browser, &script.url, SCRIPT).await;
    for (name, media_types) in WIDGET {
        if let Ok(url) = script.url.join(name) {
            check_file(report, browser, &url, media_types).await;
        }
    }
}

fn check_policies(report: &mut Report, page: &Page, script: &Script) {
    let origin = script.url.origin().ascii_serialization();
    if page.policies.is_empty() {
        report.ok("the page has no Content-Security-Policy");
        return;
    }
    report.check(
        page.policies.allow_script(&page.url, &script.url, script.nonce.as_deref()),
        "the page's Content-Security-Policy allows the script",
        "the page's Content-Security-Policy blocks the script",
        format!("Add {origin} to script-src."),
    );
    report.check(
        page.policies.allow_wasm(),
        "the page's Content-Security-Policy allows WebAssembly",
        "the page's Content-Security-Policy blocks WebAssembly: visitors get only the plain form",
        "Add 'wasm-unsafe-eval' to script-src.",
    );
    report.check(
        page.policies.allow_connect(&page.url, &script.url),
        "the page's Content-Security-Policy allows the page to fetch the widget",
        "the page's Content-Security-Policy does not allow the page to fetch the widget",
        format!("Add {origin} to connect-src."),
    );
}

async fn check_file(report: &mut Report, browser: &Browser, url: &Url, media_types: &[&str]) {
    let response = match browser.get(url, "*/*").await {
        Ok(response) => response,
        Err(error) => {
            let fix = "Check the script's address in the page, and whether the proxy runs.";
            report.fault(format!("cannot load {url}: {}", describe(error)), fix);
            return;
        }
    };
    if !response.status.is_success() {
        report.fault(
            format!("{url} responds with {}", response.status),
            "Set `site` in the proxy's settings to the folder that `cargo xtask dist` makes.",
        );
        return;
    }
    let media_type = response.media_type();
    let is_expected = media_types.contains(&&*media_type);
    if !is_expected {
        let expected = media_types.first().copied().unwrap_or_default();
        report.fault(
            format!("{url} has the content type “{media_type}”"),
            format!("Configure the server to send it with Content-Type: {expected}."),
        );
    }
    let is_shared = response.is_shared_with(browser.origin());
    if !is_shared {
        report.fault(
            format!("pages on {} are not allowed to load {url}", browser.origin()),
            format!("Add \"{}\" to allowed_origins in the proxy's settings.", browser.origin()),
        );
    }
    if is_expected && is_shared {
        report.ok(format!("{url} can be loaded"));
    }
}
