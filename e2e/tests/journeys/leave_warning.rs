//! The browser asks before a page is left, as long as that would cost something.

use e2e::{Browser, FormPage, World, fill_in, wait_for, wait_until};

/// Whether the page would have the browser ask now. Drivers answer its question themselves, and no
/// longer tell of it: so the page gets the event that the browser goes by.
#[track_caller]
fn asks(browser: &Browser) -> bool {
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
    assert!(!asks(browser), "what is typed is kept");

    crm.delay_responses();
    form.submit();
    wait_for("form that is sent", || form.progress());
    assert!(asks(browser));
    form.press_button("Cancel");
    form.wait_for_failure();
    assert!(!asks(browser), "nothing is on its way");

    form.press_button("Try again");
    wait_for("form that is sent", || form.progress());
    assert!(asks(browser));
    crm.clear_faults();
    form.wait_for_deal();
    assert!(!asks(browser), "all is done");

    form.press_button("Send another request");
    fill_in::callback(form);
    crm.delay_responses();
    form.submit();
    wait_for("form that is sent", || form.progress());
    assert!(asks(browser));
    browser.script("document.querySelector('deal-form').remove();", &[]);
    wait_until("page that can be left", || !asks(browser));
}
