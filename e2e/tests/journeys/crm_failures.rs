//! The CRM is down, slow or broken, or responds with HTML. The visitor does not notice the failure.

use e2e::{Browser, FormPage, Proxy, Samples, Sandbox, fill_in};
use serde_json::{Value, json};

/// Starts a proxy with a short timeout for the CRM and a short wait before a retry.
fn start_impatient_proxy(crm: &Sandbox) -> Proxy {
    Proxy::with_toml(crm, "timeouts.crm_silence = \"1 s\"\ndelivery.retry_first = \"200 ms\"\n")
}

#[test]
fn a_submission_creates_one_deal_despite_temporary_crm_faults() {
    e2e::run_in_one_engine!();
    let crm = Sandbox::start();
    let proxy = start_impatient_proxy(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(&browser);

    let check = |fault: Value| {
        crm.inject_fault(&fault);
        fill_in::callback(form);
        form.submit();
        // The form shows that the submission was received, or shows a deal if the proxy's retry was
        // fast.
        form.wait_for_result();
        crm.clear_faults();
        let deal = crm.wait_for_deal();
        let reference = deal["external_reference_id"].as_str().unwrap();
        proxy.wait_for_delivery("callback", reference);
        if let Some(shown) = form.result_value("Form reference") {
            assert_eq!(shown, reference, "{fault}");
        }
        assert_eq!(deal["parameters"]["contact_phone"], "+49 30 123456");
        form.press_button("Send another request");
        crm.reset();
    };
    check(json!({"kind": "status", "code": 500}));
    check(json!({"kind": "status", "code": 500, "when": "after_storing"}));
    check(json!({"kind": "html"}));
    check(json!({"kind": "html", "when": "after_storing"}));
    check(json!({"kind": "drop"}));
    check(json!({"kind": "drop", "when": "after_storing"}));
    check(json!({"kind": "delay", "before_responding_ms": 1500}));
    check(json!({"kind": "delay", "before_storing_ms": 1500}));
}

#[test]
fn the_deal_arrives_after_a_crm_outage_even_if_the_visitor_has_left() {
    e2e::run_in_one_engine!();
    let mut crm = Sandbox::start();
    let proxy = start_impatient_proxy(&crm);
    let browser = Browser::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 500_000);
    let form = fill_in::quote_at(&browser, &proxy.url("/forms/quote"), &[&offer]);

    crm.stop();
    form.submit();
    let reference = form.wait_until_received();
    // The draft is finished, so a reload starts a new one.
    browser.open(&proxy.url("/forms/quote"));
    assert_eq!(FormPage::ready(&browser).field("Your name").value(), "");
    drop(browser);

    crm.start_again();
    let deal = crm.wait_for_deal();
    assert_eq!(deal["external_reference_id"], json!(reference));
    crm.assert_files(&deal, &[offer]);
}
