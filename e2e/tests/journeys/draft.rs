//! What was typed, and the draft's reference, survive a reload.

use e2e::{Browser, FormPage, Proxy, Samples, Sandbox};
use serde_json::json;

use crate::answers;

#[test]
fn a_reload_keeps_what_was_typed_until_the_deal_has_arrived() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    answers::quote(form, &[]);
    let typed = form.answers();

    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    assert_eq!(form.answers(), typed);
    form.submit();
    form.arrives();
    assert_eq!(crm.calls_at_rest().len(), 1);

    browser.open(&proxy.url("/"));
    assert_eq!(FormPage::ready(&browser).field("Your name").value(), "");
}

#[test]
fn a_reload_after_a_lost_answer_makes_no_second_deal() {
    let crm = Sandbox::start();
    let mut proxy = Proxy::start(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    answers::quote(form, &[]);
    crm.go_wrong(&json!({ "kind": "delay", "before_answering_ms": 600_000 }));
    form.submit();
    e2e::eventually("word that all is sent", || {
        form.progress().filter(|said| said.starts_with("All sent"))
    });
    let first = e2e::eventually("the deal", || crm.deals().pop());
    // Killed between the CRM's yes and the answer.
    proxy.stop();
    assert_eq!(form.fails().heading, "The connection was lost");
    crm.repair();
    proxy.start_again();

    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    form.submit();
    assert_eq!(form.arrives(), first["deal_id"]);
    let deal = crm.deal();
    assert_eq!(deal["external_reference_id"], first["external_reference_id"]);
}

#[test]
fn a_reload_while_it_is_sent_makes_no_second_deal() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 300_000);
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    answers::quote(form, &[&offer]);
    crm.go_wrong(&json!({ "kind": "delay", "before_answering_ms": 600_000 }));
    form.submit();
    let first = e2e::eventually("deal", || crm.deals().pop());

    // The browser asks whether the page is to be left; the driver says yes.
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    e2e::eventually("the file", || (form.files().len() == 1).then_some(()));
    form.submit();
    crm.repair();
    assert_eq!(form.arrives(), first["deal_id"]);
    crm.calls_at_rest();
    let deal = crm.deal();
    assert_eq!(deal["external_reference_id"], first["external_reference_id"]);
    crm.assert_files(&deal, &[offer]);
}
