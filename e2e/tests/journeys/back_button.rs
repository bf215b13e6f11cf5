//! The visitor leaves the page and returns with the browser's Back button.

use e2e::{
    Browser, FormPage, LandingPage, Proxy, Sandbox, Scripts, World, fill_in, wait_for, wait_until,
};
use serde_json::json;

/// Prevents the browser from caching the page when the visitor leaves: the lock prevents it in Firefox,
/// the listener in Chromium. The Back button then reloads the page.
const PREVENT_CACHING: &str = "navigator.locks.request('held', () => new Promise(() => {}));
    addEventListener('unload', () => {});";

/// Opens another page and goes back. Returns whether the browser had cached the page: if so, the
/// script's variable still exists. (The property `persisted` of the `pageshow` event also shows
/// this, but the event fires later.)
#[track_caller]
fn leave_and_go_back(browser: &Browser, proxy: &Proxy) -> bool {
    let address = browser.url();
    browser.script("window.isTheSame = true;", &[]);
    browser.open(&proxy.url("/forms/quote"));
    FormPage::ready(browser);
    browser.go_back();
    let is_back = "return location.href === arguments[0] && document.readyState === 'complete';";
    wait_until("the previous page", || browser.script(is_back, &[json!(address)]) == true);
    browser.script("return window.isTheSame ?? false;", &[]) == true
}

/// Fills in and sends the form, and returns the deal's number.
#[track_caller]
fn send_first(form: FormPage<'_>) -> String {
    fill_in::callback(form);
    form.submit();
    form.wait_for_deal()
}

/// Returns an empty form after the visitor has gone back. If the page still shows the first result,
/// presses the button for another request.
#[track_caller]
fn start_second<'b>(browser: &'b Browser, form: FormPage<'b>, first: &str) -> FormPage<'b> {
    if form.result_value("Your reference number").is_some_and(|number| number == first) {
        form.press_button("Send another request");
    }
    FormPage::ready(browser)
}

/// Fills in and sends the form again, and checks that there are two deals.
#[track_caller]
fn send_second(crm: &Sandbox, form: FormPage<'_>, first: &str) {
    form.field("Your name").write("Ben");
    form.field("Phone").write("030 654321");
    form.submit();
    let second = form.wait_for_deal();
    let deals = crm.deals();
    assert_eq!(deals.len(), 2, "{deals:#?}");
    let (later, earlier) = (&deals[0], &deals[1]);
    assert_eq!((&later["deal_id"], &earlier["deal_id"]), (&json!(second), &json!(first)));
    assert_eq!(later["parameters"]["contact_name"], "Ben");
    assert_eq!(earlier["parameters"]["contact_name"], "Ana Größe");
}

/// Sends a form, goes back to it and sends it again. `is_cached` is whether the browser caches the
/// page.
#[track_caller]
fn check(is_cached: bool) {
    let World { crm, proxy, browser } = &World::open(LandingPage::CALLBACK);
    if !is_cached {
        browser.script(PREVENT_CACHING, &[]);
    }
    let form = FormPage::ready(browser);
    let first = send_first(form);
    assert_eq!(leave_and_go_back(browser, proxy), is_cached, "whether the page was cached");
    let form = start_second(browser, form, &first);
    assert_eq!(form.field("Your name").value(), "", "the sent draft has ended");
    send_second(crm, form, &first);
}

#[test]
fn a_page_restored_by_the_back_button_sends_a_new_deal() {
    e2e::skip_in!(
        Firefox,
        "it does not cache pages that hold a lock, and a form with a draft does"
    );
    check(true);
}

#[test]
fn a_page_reloaded_by_the_back_button_sends_a_new_deal() {
    e2e::skip_in!(WebKit, "it caches the page nevertheless");
    check(false);
}

#[test]
fn an_unsent_form_sends_one_deal_after_going_back() {
    let World { crm, proxy, browser } = &World::at("/forms/callback");
    fill_in::callback(FormPage::ready(browser));
    leave_and_go_back(browser, proxy);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Phone").value(), "+49 30 123456");
    form.submit();
    let number = form.wait_for_deal();
    crm.assert_one_call();
    crm.deal_with_number(&number);
}

/// Sends the form on the proxy's own page without scripts, and goes back to the page. Returns the
/// deal's number.
#[track_caller]
fn send_plain_and_go_back(browser: &Browser, proxy: &Proxy) -> String {
    browser.open(&proxy.url("/forms/callback"));
    browser.type_into(&browser.find("#contact_name"), "Ana");
    browser.type_into(&browser.find("#contact_phone"), "030 123456");
    let number = send_plain(browser);
    browser.go_back();
    wait_until("the sent form", || browser.texts("#contact_phone").len() == 1);
    number
}

/// Clicks the Send button on a page without scripts, and returns the deal's number.
#[track_caller]
fn send_plain(browser: &Browser) -> String {
    browser.click(&browser.find("button"));
    wait_for("the result page", || browser.texts("[role=status] dd").into_iter().next())
}

#[test]
fn sending_again_without_scripts_after_going_back_creates_no_second_deal() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start_with(Scripts::Off);
    let first = send_plain_and_go_back(&browser, &proxy);
    assert_eq!(browser.value(&browser.find("#contact_phone")), "030 123456");
    assert_eq!(send_plain(&browser), first);
    crm.deal_with_number(&first);
}

/// On a shared device, another visitor may return to the form with the Back button.
#[test]
fn sending_other_content_without_scripts_after_going_back_creates_another_deal() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start_with(Scripts::Off);
    let first = send_plain_and_go_back(&browser, &proxy);
    let name = browser.find("#contact_name");
    browser.clear(&name);
    browser.type_into(&name, "Ben");
    let second = send_plain(&browser);
    assert_ne!(first, second);
    let deals = crm.deals();
    let found: Vec<_> =
        deals.iter().map(|deal| (&deal["deal_id"], &deal["parameters"]["contact_name"])).collect();
    assert_eq!(found, [(&json!(second), &json!("Ben")), (&json!(first), &json!("Ana"))]);
}

/// The widget uses the reference in the proxy's own page, but the browser may have cached this
/// page.
#[test]
fn the_proxys_page_reloaded_by_the_back_button_sends_a_new_deal() {
    let World { crm, proxy, browser } = &World::at("/forms/callback");
    browser.script(PREVENT_CACHING, &[]);
    let form = FormPage::ready(browser);
    let first = send_first(form);
    leave_and_go_back(browser, proxy);
    let form = start_second(browser, form, &first);
    send_second(crm, form, &first);
}
