//! A train goes into a tunnel, and comes out.

use e2e::{Browser, FormPage, Samples, Site, StandIn, World, eventually, stop_clock};

use crate::answers;

#[test]
fn sends_again_as_soon_as_the_browser_is_online() {
    let World { crm, proxy, browser } = &World::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 500_000);
    let form = answers::quote_at(browser, &proxy.url("/forms/quote"), &[&offer]);
    // The countdown would come to the same end; without it, only the news of the line can.
    stop_clock(browser);
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

/// Service workers answer with a page of their own while there is no connection.
#[test]
fn sends_again_when_online_after_an_answer_of_an_offline_page() {
    let site = Site::new();
    site.page(
        "landing.html",
        "<script type='module' src='/deal-form.js'></script>",
        r#"<deal-form proxy-url="/take" definition='{"title": "Own", "fields":
            [{"parameter": "note", "kind": "text", "label": "Note"}]}'></deal-form>"#,
    );
    let proxy = StandIn::start(site.path());
    let browser = Browser::start();
    browser.open(&proxy.url("/landing.html"));
    let form = FormPage::ready(&browser);
    form.field("Note").write("Hello");
    proxy.answer(200, "text/html", "<h1>You are offline</h1>");
    form.submit();
    form.fails_as("The response could not be read");

    proxy.answer(200, "application/json", r#"{"message": "success", "deal_id": "7"}"#);
    browser.script("dispatchEvent(new Event('online'));", &[]);
    assert_eq!(form.arrives(), "7");
    assert_eq!(proxy.taken(), 2);
}
