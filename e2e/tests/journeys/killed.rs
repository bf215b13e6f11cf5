//! The proxy is killed and started again on the same journal, while a visitor waits.

use e2e::{Browser, Proxy, Samples, Sandbox, World, eventually};
use serde_json::json;

use crate::answers;

#[test]
fn a_waiting_visitor_gets_one_deal_although_the_proxy_was_killed() {
    e2e::run_in_one_engine!();
    let World { crm, proxy, browser } = &mut World::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 300_000);
    let form = answers::quote_at(browser, &proxy.url("/forms/quote"), &[&offer]);

    // Taken by the proxy, on its way to the CRM, and nobody has heard of it yet.
    crm.go_wrong(&json!({"kind": "delay", "before_storing_ms": 600_000}));
    form.submit();
    eventually("call to the CRM", || (!crm.calls().is_empty()).then_some(()));
    proxy.stop();
    assert_eq!(form.fails().heading, "The connection was lost");

    // The call that was cut off ends, too: what the CRM had read, it stores.
    crm.repair();
    proxy.start_again();
    let number = eventually("deal", || form.told("Your reference number"));
    crm.calls_at_rest();
    let deal = crm.deal();
    assert_eq!(deal["deal_id"], json!(number));
    assert_eq!(deal["parameters"]["contact_name"], "Ana Größe");
}

#[test]
fn the_next_process_delivers_a_stored_submission_without_the_visitor() {
    e2e::run_in_one_engine!();
    let mut crm = Sandbox::start();
    let mut proxy = Proxy::start(&crm);
    let browser = Browser::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 300_000);
    let form = answers::quote_at(&browser, &proxy.url("/forms/quote"), &[&offer]);

    crm.stop();
    form.submit();
    let reference = form.keeps();
    proxy.stop();
    drop(browser);
    crm.start_again();
    proxy.start_again();

    let deal = crm.deal_to_come();
    assert_eq!(deal["external_reference_id"], json!(reference));
    assert_eq!(crm.calls_at_rest().len(), 1);
    crm.assert_files(&deal, &[offer]);
}
