//! The visitor cancels a submission.

use e2e::{FormPage, Samples, World, fill_in, wait_for};

#[test]
fn a_cancelled_upload_keeps_all_answers_and_can_be_sent_again() {
    let World { crm, proxy, browser } = &World::start();
    let samples = Samples::new();
    let plan = samples.pdf("Plan.pdf", 3_000_000);
    let form = fill_in::quote_at(browser, &proxy.url("/"), &[&plan]);
    let entered = form.answers();

    browser.limit_upload_speed(Some(100_000));
    form.submit();
    let progress = wait_for("the progress in bytes", || {
        form.progress().filter(|text| text.ends_with(" of 3 MB sent") && !text.starts_with('0'))
    });
    assert!(!progress.starts_with("3 MB"), "the upload was not slow: {progress}");
    let share = form.script("return root.querySelector('.df-bar').value;", &[]).as_f64().unwrap();
    assert!((1.0..1000.0).contains(&share), "{share} of 1000");
    form.press_button("Cancel");

    let failure = form.wait_for_failure();
    assert_eq!(failure.heading, "Sending stopped");
    assert_eq!(failure.kept, "Everything you entered is still here.");
    assert_eq!(form.answers(), entered);

    // If the cancelled request had reached the proxy, this change in the content would cause a
    // second call.
    form.field("Your project").write("Three pages");
    browser.limit_upload_speed(None);
    form.press_button("Try again");
    let number = form.wait_for_deal();
    let deal = crm.deal_from_single_call(&number);
    let note = deal["parameters"]["note"].as_str().unwrap();
    assert!(note.starts_with("Three pages\r\n\r\nWhat is it about? "), "{note}");
    crm.assert_files(&deal, &[plan]);
}

#[test]
fn cancelling_after_the_upload_and_trying_again_creates_one_deal() {
    let World { crm, proxy, browser } = &World::start();
    crm.delay_responses();
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(browser);
    fill_in::callback(form);

    form.submit();
    form.wait_until_uploaded();
    form.press_button("Cancel");
    assert_eq!(form.wait_for_failure().heading, "You stopped waiting");

    form.field("What would you like to discuss?").write("A new roof, and soon");
    form.press_button("Try again");
    crm.clear_faults();
    let number = form.wait_for_deal();
    crm.finished_calls();
    let deal = crm.deal_with_number(&number);
    assert_eq!(deal["parameters"]["note"], "A new roof, and soon");
}
