//! Landing pages on an origin other than the proxy's.

use e2e::{Browser, FormPage, Proxy, Samples, Sandbox, Site, StubServer, fill_in, wait_until};
use serde_json::json;

/// Records the form's events, and scripts that cannot be loaded.
const RECORD: &str = "window.recorded = [];
    addEventListener('error', ({ target }) => recorded.push(['refused', target.src]), true);
    for (const name of ['ready', 'error', 'success'])
        addEventListener(`deal-form-${name}`, ({ detail }) => recorded.push([name, detail ?? null]));";

/// Starts a proxy and opens a landing page on another origin. `is_allowed` is whether the proxy
/// allows this origin.
fn open(browser: &Browser, crm: &Sandbox, is_allowed: bool) -> (Proxy, StubServer, Site) {
    // The landing page's server does not have the widget.
    let site = Site::empty();
    let landing = StubServer::start(site.path());
    let proxy = if is_allowed {
        Proxy::with_allowed_origin(crm, &landing.url(""))
    } else {
        Proxy::start(crm)
    };
    let (script, form) = (proxy.url("/deal-form.js"), proxy.url("/forms/quote"));
    site.add_file("record.js", RECORD);
    site.add_page(
        "landing.html",
        &format!(
            "<script src=\"/record.js\"></script>\n\
             <script type=\"module\" src=\"{script}\"></script>"
        ),
        &format!("<deal-form src=\"{form}\"><p>Call 030 123456.</p></deal-form>"),
    );
    browser.open(&landing.url("/landing.html"));
    (proxy, landing, site)
}

#[test]
fn an_allowed_landing_page_embeds_the_form_and_receives_its_events() {
    let crm = Sandbox::start();
    let browser = Browser::start();
    let _servers = open(&browser, &crm, true);
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 300_000);
    let form = FormPage::ready(&browser);
    assert_eq!(browser.texts("deal-form p"), [""], "the fallback is hidden");
    fill_in::quote(form, &[&offer]);

    crm.inject_fault(&json!({"kind": "refuse", "error_message": "Not today"}));
    form.submit();
    assert_eq!(form.wait_for_failure().message, "Not today");
    form.field("Your project").write("Three pages");
    form.press_button("Try again");
    let number = form.wait_for_deal();

    let deal = crm.deal_with_number(&number);
    crm.assert_files(&deal, &[offer]);
    assert_eq!(
        browser.script("return window.recorded;", &[]),
        json!([
            ["ready", null],
            ["error", {"code": "crm_refused"}],
            ["success", {
                "message": "success",
                "deal_id": number,
                "external_reference_id": deal["external_reference_id"],
                "expected_closing_date": "",
                "actual_closing_date": "",
                "expected_closing_amount": "1 250,00",
                "actual_closing_amount": "",
                "stage": "New",
                "resolution": "open",
            }],
        ])
    );
    // Chromium logs the status of the response that contains the CRM's refusal.
    let console = browser.take_console();
    assert!(console.iter().all(|line| line.contains("status of 422")), "{console:#?}");
}

#[test]
fn a_page_that_is_not_allowed_to_embed_the_form_keeps_its_fallback() {
    let crm = Sandbox::start();
    let browser = Browser::start();
    let (proxy, ..) = open(&browser, &crm, false);

    let refused = json!([["refused", proxy.url("/deal-form.js")]]);
    wait_until("the refused script", || browser.script("return window.recorded;", &[]) == refused);
    if browser.has_full_console() {
        browser.wait_for_console(&["CORS", &proxy.url("")]);
    }
    assert_eq!(browser.texts("deal-form p"), ["Call 030 123456."]);
}
