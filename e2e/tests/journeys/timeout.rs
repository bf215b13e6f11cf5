//! The form after a timeout.

use std::time::{Duration, Instant};

use e2e::{FormPage, LandingPage, Samples, World, fill_in, wait_until};
use serde_json::json;

#[test]
fn after_a_timeout_the_form_shows_that_the_proxy_has_the_request() {
    e2e::run_in_one_engine!();
    let body = "<deal-form src='/forms/callback' timeout='2'></deal-form>";
    let World { crm, browser, .. } = &World::open(LandingPage::with_body(body));
    crm.delay_storing();
    let form = FormPage::ready(browser);
    fill_in::callback(form);

    let begun = Instant::now();
    form.submit();
    let reference = form.wait_until_received();
    let waited = begun.elapsed();
    assert!(waited >= Duration::from_secs(2), "{waited:?}");
    crm.clear_faults();
    assert_eq!(crm.wait_for_deal()["external_reference_id"], json!(reference));
}

/// The timeout limits the time without activity, not the total time.
#[test]
fn an_upload_that_makes_progress_does_not_time_out() {
    let body = "<deal-form src='/forms/quote' timeout='8'></deal-form>";
    let World { crm, browser, .. } = &World::open(LandingPage::with_body(body));
    let samples = Samples::new();
    let plan = samples.pdf("Plan.pdf", 6_000_000);
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[&plan]);
    browser.limit_upload_speed(Some(400_000));
    let begun = Instant::now();
    form.submit();
    wait_until("the end of the timeout", || begun.elapsed() > Duration::from_secs(9));
    assert_ne!(form.progress(), None, "the upload has ended");
    browser.limit_upload_speed(None);
    let number = form.wait_for_deal();
    let deal = crm.deal_from_single_call(&number);
    crm.assert_files(&deal, &[plan]);
}

/// Holds status requests until the page dispatches `release`.
const HOLD_STATUS: &str = "{
        const { fetch } = window;
        const release = new Promise((done) => addEventListener('release', done));
        window.statusCount = 0;
        window.fetch = (...all) => {
            if (!all[0].url?.includes('/submissions/')) return fetch(...all);
            window.statusCount += 1;
            return release.then(() => fetch(...all)).finally(() => { window.isResponded = true; });
        };
    }";

/// Opens a form with a timeout of two seconds and sends it to a CRM that does not respond. After the
/// timeout, the form requests the status.
fn start_status_check() -> World {
    let body = "<deal-form src='/forms/callback?from=roofs' timeout='2'></deal-form>";
    let world = World::open(LandingPage { script: HOLD_STATUS, ..LandingPage::with_body(body) });
    let World { crm, browser, .. } = &world;
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    crm.delay_responses();
    form.submit();
    wait_until("the status request", || browser.script("return statusCount;", &[]) == 1);
    world
}

#[test]
fn a_deal_created_during_the_status_check_is_shown_as_success() {
    e2e::run_in_one_engine!();
    let World { crm, proxy, browser } = &start_status_check();
    let form = FormPage::ready(browser);
    let deal = crm.deals().pop().unwrap();
    crm.clear_faults();
    proxy.wait_for_delivery("callback", deal["external_reference_id"].as_str().unwrap());
    browser.script("dispatchEvent(new Event('release'));", &[]);
    assert_eq!(form.wait_for_deal(), deal["deal_id"]);
    crm.deal_from_single_call(deal["deal_id"].as_str().unwrap());
}

#[test]
fn a_response_after_cancelling_changes_nothing() {
    let World { browser, .. } = &start_status_check();
    let form = FormPage::ready(browser);
    form.press_button("Cancel");
    assert_eq!(form.wait_for_failure().heading, "You stopped waiting");
    let release = "dispatchEvent(new Event('release'));
        return new Promise((done) => {
            const poll = () => window.isResponded ? setTimeout(done, 0) : setTimeout(poll, 10);
            poll();
        });";
    browser.script(release, &[]);
    assert_eq!(form.wait_for_failure().heading, "You stopped waiting");
}
