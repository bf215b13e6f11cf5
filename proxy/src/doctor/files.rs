//! The widget's files, and whether the page may run them.

use reqwest::Url;

use super::page::{Page, Script};
use super::report::Report;
use super::visit::{Visitor, said};

/// What the loader loads in turn, from its own folder.
const WIDGET: [(&str, &[&str]); 2] =
    [("deal-form-widget.js", SCRIPT), ("deal-form-widget_bg.wasm", &["application/wasm"])];

/// The media types of a script, the usual one first.
const SCRIPT: &[&str] = &["text/javascript", "application/javascript"];

pub(super) async fn check(report: &mut Report, visitor: &Visitor, page: &Page) {
    let Some(script) = page.scripts.iter().find(|script| script.is_loader()) else {
        report.fault(
            "the page has no script that defines <deal-form>",
            "Add <script type=\"module\" src=\"https://YOUR-PROXY/deal-form.js\"></script>.",
        );
        return;
    };
    report.check(
        script.module,
        "the script is a module",
        "the script is not loaded as a module, and does nothing",
        "Write <script type=\"module\" …>.",
    );
    policies(report, page, script);
    file(report, visitor, &script.url, SCRIPT).await;
    for (name, media_types) in WIDGET {
        if let Ok(url) = script.url.join(name) {
            file(report, visitor, &url, media_types).await;
        }
    }
}

fn policies(report: &mut Report, page: &Page, script: &Script) {
    let origin = script.url.origin().ascii_serialization();
    if page.policies.is_empty() {
        report.fine("the page has no Content-Security-Policy");
        return;
    }
    report.check(
        page.policies.let_script(&page.url, &script.url, script.nonce.as_deref()),
        "the page's policy lets the script run",
        "the page's Content-Security-Policy does not let the script run",
        format!("Add {origin} to script-src."),
    );
    report.check(
        page.policies.let_wasm(),
        "the page's policy lets WebAssembly run",
        "the page's Content-Security-Policy does not let WebAssembly run: visitors keep the plain form",
        "Add 'wasm-unsafe-eval' to script-src.",
    );
    report.check(
        page.policies.let_connect(&page.url, &script.url),
        "the page's policy lets the widget be fetched",
        "the page's Content-Security-Policy does not let the widget be fetched",
        format!("Add {origin} to connect-src."),
    );
}

async fn file(report: &mut Report, visitor: &Visitor, url: &Url, media_types: &[&str]) {
    let answer = match visitor.get(url, "*/*").await {
        Ok(answer) => answer,
        Err(error) => {
            let fix = "Check the script's address in the page, and whether the proxy runs.";
            report.fault(format!("{url} cannot be loaded: {}", said(error)), fix);
            return;
        }
    };
    if !answer.status.is_success() {
        report.fault(
            format!("{url} answers {}", answer.status),
            "Let the proxy's `site` be the folder that `cargo xtask dist` makes.",
        );
        return;
    }
    let media_type = answer.media_type();
    let right = media_types.contains(&&*media_type);
    if !right {
        let expected = media_types.first().copied().unwrap_or_default();
        report.fault(
            format!("{url} comes as “{media_type}”"),
            format!("Let the server send it with Content-Type: {expected}."),
        );
    }
    let shared = answer.is_shared_with(visitor.origin());
    if !shared {
        report.fault(
            format!("pages of {} may not load {url}", visitor.origin()),
            format!("Add \"{}\" to allowed_origins in the proxy's settings.", visitor.origin()),
        );
    }
    if right && shared {
        report.fine(format!("{url} can be loaded"));
    }
}
