//! A train goes into a tunnel, and comes out.

use e2e::{Browser, FormPage, Proxy, Samples, Sandbox, eventually, stop_clock};
use serde_json::json;

use crate::answers;

#[test]
fn what_could_not_be_sent_goes_as_soon_as_the_browser_is_online_again() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 500_000);
    browser.open(&proxy.url("/forms/quote"));
    let form = FormPage::ready(&browser);
    // The countdown would come to the same end; without it, only the news of the line can.
    stop_clock(&browser);
    answers::quote(form, &[&offer]);
    let entered = form.answers();

    browser.online(false);
    form.submit();
    assert_eq!(form.fails().heading, "The connection was lost");
    assert_eq!(form.answers(), entered);
    assert!(form.countdown().unwrap().starts_with("Trying again in "));

    browser.online(true);
    let number = eventually("deal", || form.told("Your reference number"));
    assert_eq!(crm.calls_at_rest().len(), 1);
    let deal = crm.deal();
    assert_eq!(deal["deal_id"], json!(number));
    crm.assert_files(&deal, &[offer]);
}
