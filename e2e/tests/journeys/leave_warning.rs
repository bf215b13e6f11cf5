//! The browser asks for confirmation if leaving the page would interrupt an upload.

use e2e::{Browser, FormPage, World, fill_in, wait_for, wait_until};

/// Returns whether the browser would ask for confirmation before leaving the page. Drivers answer the
/// browser's question themselves, so this dispatches the event that decides whether the browser asks.
#[track_caller]
fn would_ask(browser: &Browser) -> bool {
    let ask = "const event = document.createEvent('BeforeUnloadEvent');
        event.initEvent('beforeunload', false, true);
        return !dispatchEvent(event);";
    browser.script(ask, &[]) == true
}

#[test]
fn the_browser_asks_before_leaving_only_while_the_form_is_being_sent() {
    let World { crm, browser, .. } = &World::at("/forms/callback");
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    assert!(!would_ask(browser), "the draft is stored");

    crm.delay_responses();
    form.submit();
    wait_for("the progress of sending", || form.progress());
    assert!(would_ask(browser));
    form.press_button("Cancel");
    form.wait_for_failure();
    assert!(!would_ask(browser), "nothing is being sent");

    form.press_button("Try again");
    wait_for("the progress of sending", || form.progress());
    assert!(would_ask(browser));
    crm.clear_faults();
    form.wait_for_deal();
    assert!(!would_ask(browser), "the deal has arrived");

    form.press_button("Send another request");
    fill_in::callback(form);
    crm.delay_responses();
    form.submit();
    wait_for("the progress of sending", || form.progress());
    assert!(would_ask(browser));
    form.remove();
    wait_until("a page that can be left", || !would_ask(browser));
}
