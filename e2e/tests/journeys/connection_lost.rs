//! The proxy is gone.

use e2e::{FormPage, Samples, World, stop_clock};
use serde_json::json;

use crate::answers;

#[test]
fn the_form_reports_a_lost_connection_and_a_second_attempt_delivers_everything() {
    let World { crm, proxy, browser } = &mut World::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 3_000_000);
    let form = answers::quote_at(browser, &proxy.url("/"), &[&offer]);
    let entered = form.answers();
    // Each attempt is the visitor's.
    stop_clock(browser);

    // Gone before the first byte.
    proxy.stop();
    form.submit();
    let failure = form.fails();
    assert_eq!(failure.heading, "The connection was lost");
    assert_eq!(
        failure.advice,
        "Check that you are online, then try again. Sending again never creates a duplicate."
    );
    assert_eq!(form.focused(), failure.heading);
    assert_eq!(form.answers(), entered);

    // Gone in the middle.
    proxy.start_again();
    browser.slow_down_uploads(Some(30_000));
    form.press_button("Try again");
    e2e::eventually("progress", || form.progress().filter(|said| said.contains(" of 3 MB")));
    proxy.stop();
    assert_eq!(form.fails().heading, "The connection was lost");
    assert_eq!(form.answers(), entered);

    proxy.start_again();
    browser.slow_down_uploads(None);
    form.press_button("Try again");
    let number = form.arrives();
    let deal = crm.deal();
    assert_eq!(deal["deal_id"], json!(number));
    crm.assert_files(&deal, &[offer]);
}

#[test]
fn the_form_retries_without_a_press_when_the_proxy_is_back() {
    e2e::run_in_one_engine!();
    let World { crm, proxy, browser } = &mut World::at("/forms/callback");
    let form = FormPage::ready(browser);
    answers::callback(form);
    proxy.stop();
    form.submit();
    assert_eq!(form.fails().heading, "The connection was lost");
    let said = e2e::eventually("a countdown", || form.countdown());
    assert!(said.starts_with("Trying again in "), "{said}");
    proxy.start_again();
    let number = e2e::eventually("the deal", || form.told("Your reference number"));
    assert_eq!(crm.deal()["deal_id"], json!(number));
}

#[test]
fn cancelling_or_typing_stops_the_countdown() {
    e2e::run_in_one_engine!();
    let World { crm, proxy, browser } = &mut World::at("/forms/callback");
    let form = FormPage::ready(browser);
    answers::callback(form);
    // Neither comes to its end by itself.
    stop_clock(browser);
    proxy.stop();
    form.submit();
    e2e::eventually("a countdown", || form.countdown());
    form.press_button("Cancel");
    e2e::eventually("its end", || form.countdown().is_none().then_some(()));

    form.press_button("Try again");
    e2e::eventually("a countdown", || form.countdown());
    form.field("Your name").write("Ada");
    e2e::eventually("its end", || form.countdown().is_none().then_some(()));
    proxy.start_again();
    form.press_button("Try again");
    form.arrives();
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Ada");
}

/// The browser's own button that stops a page from loading stops what the page sends, too.
#[test]
fn a_visitor_who_stops_the_page_can_send_again() {
    let World { crm, proxy, browser } = &World::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 3_000_000);
    let form = answers::quote_at(browser, &proxy.url("/"), &[&offer]);
    stop_clock(browser);
    browser.slow_down_uploads(Some(30_000));
    form.submit();
    e2e::eventually("progress", || form.progress().filter(|said| said.contains(" of 3 MB")));
    browser.script("window.stop();", &[]);
    assert_eq!(form.fails().heading, "The connection was lost");
    browser.slow_down_uploads(None);
    form.press_button("Try again");
    let number = form.arrives();
    crm.deal_of_one_call(&number);
}
