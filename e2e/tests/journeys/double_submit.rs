//! Visitors who send the form twice by mistake.

use e2e::{Browser, FormPage, World, fill_in, wait_until};
use serde_json::json;
use thirtyfour::Key;

/// Counts the submissions, and the events whose type is `arguments[0]`.
const COUNT: &str = "window.eventCount = window.submitCount = 0;
    addEventListener(arguments[0], () => { window.eventCount += 1; }, true);
    addEventListener('deal-form-submit', () => { window.submitCount += 1; });";

/// When the CRM responds.
#[derive(PartialEq, Eq)]
enum Response {
    Immediately,
    AfterBoth,
}

/// Fills in the form, sends it with two events of this type, and checks that the CRM gets one call
/// and has one deal.
#[track_caller]
fn check(event: &str, response: &Response, send: impl Fn(&Browser, FormPage<'_>)) {
    let World { crm, proxy, browser } = &World::start();
    if *response == Response::AfterBoth {
        crm.delay_responses();
    }
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(browser);
    fill_in::callback(form);

    browser.script(COUNT, &[json!(event)]);
    send(browser, form);
    let counted = || browser.script("return [window.eventCount, window.submitCount];", &[]);
    wait_until(&format!("two {event} events and one submission"), || counted() == json!([2, 1]));
    let deal = match response {
        // The form may already show the result when the second event arrives.
        Response::Immediately => crm.wait_for_deal(),
        Response::AfterBoth => {
            wait_until("the call to the CRM", || !crm.calls().is_empty());
            crm.clear_faults();
            let number = form.wait_for_deal();
            crm.deal_from_single_call(&number)
        }
    };
    assert_eq!(deal["updates"], 0);
    crm.assert_one_call();
    assert_eq!(counted(), json!([2, 1]), "{event}");
}

#[test]
fn a_double_click_sends_once() {
    let double_click =
        |browser: &Browser, form: FormPage<'_>| browser.double_click(&form.submit_button());
    check("mousedown", &Response::Immediately, double_click);
    check("mousedown", &Response::AfterBoth, double_click);
}

#[test]
fn enter_pressed_twice_sends_once() {
    let enter_twice = |browser: &Browser, form: FormPage<'_>| {
        browser.click(&form.field("Phone").control());
        browser.press(Key::Enter + Key::Enter);
    };
    check("keydown", &Response::Immediately, enter_twice);
    check("keydown", &Response::AfterBoth, enter_twice);
}
