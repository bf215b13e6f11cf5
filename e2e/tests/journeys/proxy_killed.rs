//! The proxy is killed and started again with the same stored submissions.

use e2e::{Browser, Proxy, Samples, Sandbox, World, fill_in, wait_until};
use serde_json::json;

#[test]
fn a_waiting_visitor_gets_one_deal_after_the_proxy_is_killed() {
    e2e::run_in_one_engine!();
    let World { crm, proxy, browser } = &mut World::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 300_000);
    let form = fill_in::quote_at(browser, &proxy.url("/forms/quote"), &[&offer]);

    // The proxy has stored the submission and calls the CRM, but has not responded to the visitor.
    crm.delay_storing();
    form.submit();
    wait_until("a call to the CRM", || !crm.calls().is_empty());
    proxy.stop();
    assert_eq!(form.wait_for_failure().heading, "The connection was lost");

    // The CRM also stores the deal of the interrupted call.
    crm.clear_faults();
    proxy.start_again();
    let number = form.wait_for_deal_after_retry();
    crm.finished_calls();
    let deal = crm.deal_with_number(&number);
    assert_eq!(deal["parameters"]["contact_name"], "Ana Größe");
}

#[test]
fn a_restarted_proxy_delivers_a_stored_submission_without_the_visitor() {
    e2e::run_in_one_engine!();
    let mut crm = Sandbox::start();
    let mut proxy = Proxy::start(&crm);
    let browser = Browser::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 300_000);
    let form = fill_in::quote_at(&browser, &proxy.url("/forms/quote"), &[&offer]);

    crm.stop();
    form.submit();
    let reference = form.wait_until_received();
    proxy.stop();
    drop(browser);
    crm.start_again();
    proxy.start_again();

    let deal = crm.wait_for_deal();
    assert_eq!(deal["external_reference_id"], json!(reference));
    crm.assert_one_call();
    crm.assert_files(&deal, &[offer]);
}
