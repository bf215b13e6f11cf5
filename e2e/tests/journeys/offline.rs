//! A train goes into a tunnel, and comes out.

use e2e::{Browser, Proxy, Samples, Sandbox, eventually, stop_clock};

use crate::answers;

#[test]
fn what_could_not_be_sent_goes_as_soon_as_the_browser_is_online_again() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 500_000);
    let form = answers::quote_at(&browser, &proxy.url("/forms/quote"), &[&offer]);
    // The countdown would come to the same end; without it, only the news of the line can.
    stop_clock(&browser);
    let entered = form.answers();

    browser.online(false);
    form.submit();
    assert_eq!(form.fails().heading, "The connection was lost");
    assert_eq!(form.answers(), entered);
    let countdown = eventually("countdown", || form.countdown());
    assert!(countdown.starts_with("Trying again in "), "{countdown}");

    browser.online(true);
    let number = eventually("deal", || form.told("Your reference number"));
    let deal = crm.deal_of_one_call(&number);
    crm.assert_files(&deal, &[offer]);
}
