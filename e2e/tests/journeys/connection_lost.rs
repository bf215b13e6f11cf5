//! The proxy cannot be reached.

use e2e::{FormPage, Samples, World, fill_in, freeze_timers, wait_for, wait_until};

#[test]
fn the_form_reports_a_lost_connection_and_a_later_attempt_delivers_everything() {
    let World { crm, proxy, browser } = &mut World::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 3_000_000);
    let form = fill_in::quote_at(browser, &proxy.url("/"), &[&offer]);
    let entered = form.answers();
    // Prevents automatic retries.
    freeze_timers(browser);

    // The connection is lost before the first byte.
    proxy.stop();
    form.submit();
    let failure = form.wait_for_failure();
    assert_eq!(failure.heading, "The connection was lost");
    assert_eq!(
        failure.advice,
        "Check that you are online, then try again. Sending again never creates a duplicate."
    );
    assert_eq!(form.focused(), failure.heading);
    assert_eq!(form.answers(), entered);

    // The connection is lost during the upload.
    proxy.start_again();
    browser.limit_upload_speed(Some(30_000));
    form.press_button("Try again");
    wait_for("the progress", || form.progress().filter(|text| text.contains(" of 3 MB")));
    proxy.stop();
    assert_eq!(form.wait_for_failure().heading, "The connection was lost");
    assert_eq!(form.answers(), entered);

    proxy.start_again();
    browser.limit_upload_speed(None);
    form.press_button("Try again");
    let number = form.wait_for_deal();
    let deal = crm.deal_with_number(&number);
    crm.assert_files(&deal, &[offer]);
}

#[test]
fn the_form_retries_automatically_when_the_proxy_is_back() {
    e2e::run_in_one_engine!();
    let World { crm, proxy, browser } = &mut World::at("/forms/callback");
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    proxy.stop();
    form.submit();
    assert_eq!(form.wait_for_failure().heading, "The connection was lost");
    let countdown = form.wait_for_countdown();
    assert!(countdown.starts_with("Trying again in "), "{countdown}");
    proxy.start_again();
    let number = form.wait_for_deal_after_retry();
    crm.deal_with_number(&number);
}

#[test]
fn cancelling_or_typing_stops_the_countdown() {
    e2e::run_in_one_engine!();
    let World { crm, proxy, browser } = &mut World::at("/forms/callback");
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    // Prevent the countdown from ending by itself.
    freeze_timers(browser);
    proxy.stop();
    form.submit();
    form.wait_for_countdown();
    form.press_button("Cancel");
    wait_until("the end of the countdown", || form.countdown().is_none());

    form.press_button("Try again");
    form.wait_for_countdown();
    form.field("Your name").write("Ada");
    wait_until("the end of the countdown", || form.countdown().is_none());
    proxy.start_again();
    form.press_button("Try again");
    form.wait_for_deal();
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Ada");
}

/// The browser's Stop button also cancels the page's requests.
#[test]
fn the_form_can_be_sent_again_after_the_browsers_stop_button() {
    let World { crm, proxy, browser } = &World::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 3_000_000);
    let form = fill_in::quote_at(browser, &proxy.url("/"), &[&offer]);
    freeze_timers(browser);
    browser.limit_upload_speed(Some(30_000));
    form.submit();
    wait_for("the progress", || form.progress().filter(|text| text.contains(" of 3 MB")));
    browser.script("window.stop();", &[]);
    assert_eq!(form.wait_for_failure().heading, "The connection was lost");
    browser.limit_upload_speed(None);
    form.press_button("Try again");
    let number = form.wait_for_deal();
    crm.deal_from_single_call(&number);
}
