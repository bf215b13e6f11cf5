//! The CRM refuses a deal.

use e2e::{FormPage, Samples, World, fill_in};
use serde_json::json;

#[test]
fn the_crms_message_is_shown_as_text_and_all_answers_are_kept() {
    const MESSAGE: &str = "No <img src=x onerror=alert(1)> & <script>alert(2)</script>";
    e2e::run_in_one_engine!();
    let World { crm, proxy, browser } = &World::start();
    let samples = Samples::new();
    let files = [samples.pdf("Offer.pdf", 50_000), samples.file("Prices.csv", b"a;b\r\n")];
    crm.inject_fault(&json!({"kind": "refuse", "error_message": MESSAGE}));

    browser.open(&proxy.url("/"));
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[&files[0], &files[1]]);
    let entered = form.answers();
    form.submit();
    let failure = form.wait_for_failure();

    assert_eq!(failure.heading, "We could not pass on your request");
    assert_eq!(failure.message, MESSAGE);
    assert_eq!(
        failure.advice,
        "If the message names something that you can change, change it and send the form again. Otherwise, please tell the owner of this page."
    );
    assert_eq!(failure.kept, "Everything you entered is still here.");
    assert_eq!(form.focused(), failure.heading);
    assert_eq!(form.script("return root.querySelectorAll('img, script').length;", &[]), json!(0));
    assert_eq!(form.answers(), entered);
    assert_eq!(crm.deals().len(), 0);

    // The proxy repeats the refusal for the same content, without a call to the CRM.
    form.press_button("Try again");
    assert_eq!(form.wait_for_failure().message, MESSAGE);
    crm.assert_one_call();
    form.field("Your project").write("Three pages");
    form.press_button("Try again");
    let number = form.wait_for_deal();
    let deal = crm.deal_with_number(&number);
    crm.assert_files(&deal, &files);
}
