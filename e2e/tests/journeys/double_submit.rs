//! Impatient fingers.

use e2e::{Browser, FormPage, World, fill_in, wait_until};
use serde_json::json;
use thirtyfour::Key;

/// Counts what reaches the page, and how often the form is sent.
const COUNT: &str = "window.heard = window.sent = 0;
    addEventListener(arguments[0], () => { window.heard += 1; }, true);
    addEventListener('deal-form-submit', () => { window.sent += 1; });";

/// When the CRM answers.
#[derive(PartialEq, Eq)]
enum Answer {
    AtOnce,
    AfterBoth,
}

/// Fills in the form, sends it in some way that makes two such events, and finds one call and one
/// deal.
#[track_caller]
fn check(event: &str, answer: &Answer, send: impl Fn(&Browser, FormPage<'_>)) {
    let World { crm, proxy, browser } = &World::start();
    if *answer == Answer::AfterBoth {
        crm.delay_responses();
    }
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(browser);
    fill_in::callback(form);

    browser.script(COUNT, &[json!(event)]);
    send(browser, form);
    let counted = || browser.script("return [window.heard, window.sent];", &[]);
    wait_until(&format!("two of {event}, and one form that is sent"), || {
        counted() == json!([2, 1])
    });
    let deal = match answer {
        // The second may have met the thanks.
        Answer::AtOnce => crm.wait_for_deal(),
        Answer::AfterBoth => {
            wait_until("call", || !crm.calls().is_empty());
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
    check("mousedown", &Answer::AtOnce, double_click);
    check("mousedown", &Answer::AfterBoth, double_click);
}

#[test]
fn enter_pressed_twice_sends_once() {
    let enter_twice = |browser: &Browser, form: FormPage<'_>| {
        browser.click(&form.field("Phone").control());
        browser.press(Key::Enter + Key::Enter);
    };
    check("keydown", &Answer::AtOnce, enter_twice);
    check("keydown", &Answer::AfterBoth, enter_twice);
}
