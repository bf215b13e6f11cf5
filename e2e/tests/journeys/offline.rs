//! The browser goes offline and online again.

use e2e::{Browser, FormPage, Samples, Site, StubServer, World, fill_in, freeze_timers};

#[test]
fn sends_again_as_soon_as_the_browser_is_online() {
    let World { crm, proxy, browser } = &World::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 500_000);
    let form = fill_in::quote_at(browser, &proxy.url("/forms/quote"), &[&offer]);
    // Without the countdown, only the online event can trigger the retry.
    freeze_timers(browser);
    let entered = form.answers();

    browser.set_online(false);
    form.submit();
    assert_eq!(form.wait_for_failure().heading, "The connection was lost");
    assert_eq!(form.answers(), entered);
    let countdown = form.wait_for_countdown();
    assert!(countdown.starts_with("Trying again in "), "{countdown}");

    browser.set_online(true);
    let number = form.wait_for_deal_after_retry();
    let deal = crm.deal_from_single_call(&number);
    crm.assert_files(&deal, &[offer]);
}

/// While the browser is offline, a service worker may respond with its own page. Here, the server
/// responds with such a page.
#[test]
fn sends_again_when_online_after_a_service_worker_responded() {
    let site = Site::new();
    site.add_page(
        "landing.html",
        Site::LOADER,
        r#"<deal-form proxy-url="/submit" definition='{"title": "Own", "fields":
            [{"parameter": "note", "kind": "text", "label": "Note"}]}'></deal-form>"#,
    );
    let proxy = StubServer::start(site.path());
    let browser = Browser::start();
    browser.open(&proxy.url("/landing.html"));
    let form = FormPage::ready(&browser);
    form.field("Note").write("Hello");
    proxy.respond_with(200, "text/html", "<h1>You are offline</h1>");
    form.submit();
    form.wait_for_failure_titled("The response could not be read");

    proxy.respond_with(200, "application/json", r#"{"message": "success", "deal_id": "7"}"#);
    browser.script("dispatchEvent(new Event('online'));", &[]);
    assert_eq!(form.wait_for_deal_after_retry(), "7");
    assert_eq!(proxy.submission_count(), 2);
}
