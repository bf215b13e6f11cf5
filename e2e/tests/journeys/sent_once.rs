//! Impatient fingers.

use e2e::{Browser, FormPage, Proxy, Sandbox};
use serde_json::json;
use thirtyfour::Key;

use crate::answers;

/// Counts what reaches the page.
const COUNT: &str = "window.heard = 0;
    addEventListener(arguments[0], () => { window.heard += 1; }, true);";

/// Fills in the form, sends it in some way that makes two such events, and finds one call and one
/// deal.
#[track_caller]
fn check(event: &str, answer_after_ms: Option<u64>, send: impl Fn(&Browser, FormPage<'_>)) {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    if let Some(ms) = answer_after_ms {
        crm.go_wrong(&json!({"kind": "delay", "before_answering_ms": ms}));
    }
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(&browser);
    answers::callback(form);

    browser.script(COUNT, &[json!(event)]);
    send(&browser, form);
    assert_eq!(browser.script("return window.heard;", &[]), 2, "{event}");
    let number = form.arrives();

    assert_eq!(crm.calls_at_rest().len(), 1);
    assert_eq!(crm.deal()["deal_id"], json!(number));
}

#[test]
fn a_double_click_sends_once() {
    let double_click =
        |browser: &Browser, form: FormPage<'_>| browser.double_click(&form.submit_button());
    check("mousedown", None, double_click);
    check("mousedown", Some(800), double_click);
}

#[test]
fn enter_pressed_twice_sends_once() {
    let enter_twice = |browser: &Browser, form: FormPage<'_>| {
        browser.click(&form.field("Phone").control());
        browser.press(Key::Enter + Key::Enter);
    };
    check("keydown", None, enter_twice);
    check("keydown", Some(800), enter_twice);
}
