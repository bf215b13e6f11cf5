//! Corrections that are sent before the first answer arrives.

use e2e::{Browser, FormPage, Hop, Proxy, Sandbox, eventually};
use serde_json::json;

use crate::answers;

#[test]
fn sends_a_lost_correction_again_instead_of_calling_it_received() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let hop = Hop::before(&proxy);
    let browser = Browser::start();
    browser.open(&hop.url("/forms/callback"));
    let form = FormPage::ready(&browser);
    answers::callback(form);
    crm.go_wrong(&json!({ "kind": "delay", "before_answering_ms": 600_000 }));
    form.submit();
    eventually("word that all is sent", || {
        form.progress().filter(|said| said.starts_with("Everything is sent"))
    });
    eventually("deal", || crm.deals().pop());
    form.press_button("Cancel");
    form.fails();

    form.field("Phone").write("040 999999");
    hop.lose_submissions(true);
    form.submit();
    // Not "we have your request": that status is about the first request.
    assert_eq!(form.fails().heading, "The connection was lost");

    hop.lose_submissions(false);
    crm.repair();
    // The automatic retry sends the correction again.
    eventually("deal", || form.told("Your reference number"));
    crm.calls_at_rest();
    let deal = crm.deal();
    assert_eq!(deal["parameters"]["contact_phone"], "040 999999");
    assert_eq!(deal["updates"], 1);
}
