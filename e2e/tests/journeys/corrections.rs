//! The visitor corrects and sends the form again before the first response arrives.

use e2e::{Browser, FormPage, Proxy, ReverseProxy, Sandbox, fill_in, wait_for};

#[test]
fn sends_a_lost_correction_again_instead_of_reporting_it_as_received() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let front = ReverseProxy::in_front_of(&proxy);
    let browser = Browser::start();
    browser.open(&front.url("/forms/callback"));
    let form = FormPage::ready(&browser);
    fill_in::callback(form);
    crm.delay_responses();
    form.submit();
    form.wait_until_uploaded();
    wait_for("the deal", || crm.deals().pop());
    form.press_button("Cancel");
    form.wait_for_failure();

    form.field("Phone").write("040 999999");
    front.lose_submissions(true);
    form.submit();
    // The form must not show "we have your request": the proxy has only the first request.
    assert_eq!(form.wait_for_failure().heading, "The connection was lost");

    front.lose_submissions(false);
    crm.clear_faults();
    // The automatic retry sends the correction again.
    form.wait_for_deal_after_retry();
    crm.finished_calls();
    let deal = crm.deal();
    assert_eq!(deal["parameters"]["contact_phone"], "040 999999");
    assert_eq!(deal["updates"], 1);
}
