//! The CRM is down, slow, broken, or speaks HTML.

use e2e::{Browser, Failure, FormPage, Proxy, Sandbox, Settings};
use serde_json::{Value, json};

use crate::answers;

/// A proxy that does not wait long for its CRM.
fn impatient(crm: &Sandbox) -> Proxy {
    let toml = "[timeouts]\ncrm_silence = \"1 s\"\n".to_owned();
    Proxy::with(crm, Settings { toml, ..Settings::default() })
}

/// Notes the references of all submissions that leave the page.
fn note_references(browser: &Browser) {
    browser.script(
        "const send = XMLHttpRequest.prototype.send;
        window.references = [];
        XMLHttpRequest.prototype.send = function (form) {
            window.references.push(form.get('external_reference_id'));
            return send.call(this, form);
        };",
        &[],
    );
}

#[track_caller]
fn assert_unavailable(failure: &Failure, said: &str) {
    assert_eq!(failure.heading, "Your request could not be delivered just now");
    assert_eq!(failure.said, said);
    assert_eq!(failure.kept, "Everything that you entered is still here.");
}

/// After a failure: Retry brings one deal, under the reference of the first attempt.
#[track_caller]
fn assert_retry_makes_one_deal(browser: &Browser, form: FormPage<'_>, crm: &Sandbox) {
    form.press_button("Try again");
    let number = form.arrives();
    crm.calls_at_rest();
    let deal = crm.deal();
    assert_eq!(deal["deal_id"], json!(number));
    let reference = &deal["external_reference_id"];
    assert_eq!(browser.script("return window.references;", &[]), json!([reference, reference]));
    assert_eq!(deal["parameters"]["contact_phone"], "+49 30 123456");
}

#[test]
fn each_fault_of_the_crm_is_told_and_a_second_attempt_makes_one_deal() {
    const FAULT: &str = "Our system has a fault just now.";
    const UNREADABLE: &str = "Our system gave an answer that we cannot read.";
    const CUT: &str = "The connection to our system broke before it answered.";
    const SLOW: &str = "Our system takes too long to answer.";
    const SAFE: &str =
        "Nothing was lost: send the form again in a few minutes. It will not be entered twice.";
    let crm = Sandbox::start();
    let proxy = impatient(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(&browser);
    note_references(&browser);

    let check = |fault: Value, said: &str| {
        crm.go_wrong(&fault);
        answers::callback(form);
        let entered = form.answers();
        form.submit();
        assert_unavailable(&form.fails(), &format!("{said} {SAFE}"));
        assert_eq!(form.answers(), entered, "{fault}");
        crm.repair();
        assert_retry_makes_one_deal(&browser, form, &crm);

        form.press_button("Send another request");
        browser.script("window.references = [];", &[]);
        crm.reset();
    };
    check(json!({"kind": "status", "code": 500}), FAULT);
    check(json!({"kind": "status", "code": 500, "when": "after_storing"}), FAULT);
    check(json!({"kind": "html"}), UNREADABLE);
    check(json!({"kind": "html", "when": "after_storing"}), UNREADABLE);
    check(json!({"kind": "drop"}), CUT);
    check(json!({"kind": "drop", "when": "after_storing"}), CUT);
    check(json!({"kind": "delay", "before_answering_ms": 1500}), SLOW);
    check(json!({"kind": "delay", "before_storing_ms": 1500}), SLOW);
}

#[test]
fn a_crm_that_is_down_loses_nothing_and_gets_the_deal_once_it_is_up() {
    let mut crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(&browser);
    note_references(&browser);
    answers::callback(form);
    let entered = form.answers();

    crm.stop();
    form.submit();
    let said = "Our system cannot be reached just now. Nothing was lost: send the form again in a \
                few minutes.";
    assert_unavailable(&form.fails(), said);
    assert_eq!(form.answers(), entered);

    crm.start_again();
    assert_retry_makes_one_deal(&browser, form, &crm);
}
