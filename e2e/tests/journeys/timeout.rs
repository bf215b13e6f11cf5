//! No answer in time.

use std::time::{Duration, Instant};

use e2e::{Browser, FormPage, Proxy, Sandbox, Settings, Site};
use serde_json::json;

use crate::answers;

#[test]
fn after_the_elements_timeout_the_proxy_is_asked_and_has_the_request() {
    let crm = Sandbox::start();
    let site = Site::new();
    site.page(
        "patience.html",
        "<script type=\"module\" src=\"/deal-form.js\"></script>",
        "<deal-form src=\"/forms/callback\" timeout=\"2\"></deal-form>",
    );
    let settings = Settings { site: site.path().to_owned(), ..Settings::default() };
    let proxy = Proxy::with(&crm, settings);
    let browser = Browser::start();
    crm.go_wrong(&json!({"kind": "delay", "before_storing_ms": 600_000}));
    browser.open(&proxy.url("/patience.html"));
    let form = FormPage::ready(&browser);
    answers::callback(form);

    let begun = Instant::now();
    form.submit();
    let reference = form.keeps();
    let waited = begun.elapsed();
    assert!(waited >= Duration::from_secs(2), "{waited:?}");
    crm.repair();
    assert_eq!(crm.deal_to_come()["external_reference_id"], json!(reference));
}
