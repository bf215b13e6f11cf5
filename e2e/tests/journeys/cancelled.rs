//! The visitor stops the sending.

use e2e::{FormPage, Samples, World, eventually};
use serde_json::json;

use crate::answers;

#[test]
fn a_cancelled_upload_keeps_everything_and_can_be_sent_again() {
    let World { crm, proxy, browser } = &World::start();
    let samples = Samples::new();
    let plan = samples.pdf("Plan.pdf", 3_000_000);
    let form = answers::quote_at(browser, &proxy.url("/"), &[&plan]);
    let entered = form.answers();

    browser.slow_down_uploads(Some(100_000));
    form.submit();
    let progress = eventually("progress in bytes", || {
        form.progress().filter(|said| said.ends_with(" of 3 MB sent") && !said.starts_with('0'))
    });
    assert!(!progress.starts_with("3 MB"), "{progress}: nothing was slow");
    let share = form.script("return root.querySelector('.df-bar').value;", &[]).as_f64().unwrap();
    assert!((1.0..1000.0).contains(&share), "{share} of 1000");
    form.press_button("Cancel");

    let failure = form.fails();
    assert_eq!(failure.heading, "You stopped sending");
    assert_eq!(failure.kept, "Everything you entered is still here.");
    assert_eq!(form.answers(), entered);

    // What was stopped goes no further: with other words, it would be another call.
    form.field("Your project").write("Three pages");
    browser.slow_down_uploads(None);
    form.press_button("Try again");
    let number = form.arrives();
    let deal = crm.deal_of_one_call(&number);
    assert_eq!(deal["parameters"]["note"], "Three pages");
    crm.assert_files(&deal, &[plan]);
}

#[test]
fn cancelling_after_all_was_sent_makes_one_deal() {
    let World { crm, proxy, browser } = &World::start();
    crm.go_wrong(&json!({"kind": "delay", "before_answering_ms": 600_000}));
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(browser);
    answers::callback(form);

    form.submit();
    eventually("word that all is sent", || {
        form.progress().filter(|said| said == "Everything is sent. Waiting for confirmation…")
    });
    form.press_button("Cancel");
    assert_eq!(form.fails().heading, "You stopped waiting");

    form.field("What about?").write("A new roof, and soon");
    form.press_button("Try again");
    crm.repair();
    let number = form.arrives();
    crm.calls_at_rest();
    let deal = crm.deal();
    assert_eq!(deal["deal_id"], json!(number));
    assert_eq!(deal["parameters"]["note"], "A new roof, and soon");
}
