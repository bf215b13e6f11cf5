//! A restored draft is announced, can be discarded, and expires.

use e2e::{Browser, FormPage, LandingPage, Samples, World, fill_in, wait_until};
use serde_json::{Value, json};

/// Returns this tab's stored drafts.
fn stored_drafts(browser: &Browser) -> Value {
    let read = "return Object.entries(sessionStorage)
        .filter(([key]) => key.startsWith('deal-form')).map(([, draft]) => JSON.parse(draft));";
    browser.script(read, &[])
}

/// Waits until the stored draft contains this name.
#[track_caller]
fn wait_for_stored_name(browser: &Browser, name: &str) {
    wait_until("the draft", || stored_drafts(browser)[0]["texts"]["contact_name"] == name);
}

/// Returns the form's announcement of a restored draft, or `None` if no announcement is visible.
fn announcement(form: FormPage<'_>) -> Option<String> {
    form.read(".df-restored .df-message")
}

#[test]
fn a_restored_draft_is_announced_until_it_is_discarded() {
    let World { crm, proxy, browser } = &World::start();
    let open = || {
        browser.open(&proxy.url("/forms/callback"));
        FormPage::ready(browser)
    };
    let form = open();
    assert_eq!(announcement(form), None, "the form is new");
    fill_in::callback(form);
    wait_for_stored_name(browser, "Ana Größe");
    let first = stored_drafts(browser)[0]["external_reference_id"].clone();

    let form = open();
    assert_eq!(announcement(form).as_deref(), Some("Your answers were restored."));
    form.press_button("Start over");
    assert_eq!(announcement(form).as_deref(), Some("The form is empty again."));
    assert_eq!(form.focused(), "Your name");
    let empty =
        json!({"Your name": "", "Phone": "", "What would you like to discuss?": "", "files": []});
    assert_eq!(form.answers(), empty);
    assert_eq!(stored_drafts(browser), json!([]));

    let form = open();
    assert_eq!(form.answers(), empty, "the draft stays discarded");
    assert_eq!(announcement(form), None);
    fill_in::callback(form);
    form.submit();
    form.wait_for_deal();
    assert_ne!(crm.deal()["external_reference_id"], first, "the next draft has another reference");
}

/// The proxy may have received the first version, so a changed form must use the same reference.
#[test]
fn a_sent_draft_keeps_its_reference_after_it_is_emptied_and_reloaded() {
    let World { crm, proxy, browser } = &World::start();
    let open = || {
        browser.open(&proxy.url("/forms/callback"));
        FormPage::ready(browser)
    };
    let empty = |form: FormPage<'_>| {
        for label in ["Your name", "Phone", "What would you like to discuss?"] {
            form.field(label).write("");
        }
        wait_until("the emptied draft", || stored_drafts(browser)[0]["texts"] == json!({}));
    };
    crm.inject_fault(&json!({"kind": "refuse"}));
    let form = open();
    fill_in::callback(form);
    form.submit();
    form.wait_for_failure();
    let sent = stored_drafts(browser)[0]["external_reference_id"].clone();
    empty(form);

    let form = open();
    assert_eq!(announcement(form), None, "an empty draft is not announced");
    fill_in::callback(form);
    wait_for_stored_name(browser, "Ana Größe");
    let form = open();
    assert_ne!(announcement(form), None);
    empty(form);
    form.field("Your name").write("Ben");
    form.field("Phone").write("030 654321");
    crm.clear_faults();
    form.submit();
    assert_eq!(announcement(form), None, "sending removes the announcement");
    form.wait_for_deal();
    assert_eq!(crm.deal()["external_reference_id"], sent);
}

#[test]
fn an_unsent_draft_is_removed_when_it_is_emptied() {
    let World { browser, .. } = &World::at("/forms/callback");
    let form = FormPage::ready(browser);
    form.field("Your name").write("Ana");
    wait_for_stored_name(browser, "Ana");
    form.field("Your name").write("");
    wait_until("the end of the draft", || stored_drafts(browser) == json!([]));
}

#[test]
fn a_draft_expires_after_a_day() {
    let World { proxy, browser, .. } = &World::at("/forms/callback");
    fill_in::callback(FormPage::ready(browser));
    // Change the draft's time. This needs another page on the same origin, because leaving the
    // draft's own page stores the draft again.
    browser.open(&proxy.url("/forms/quote"));
    let make_older = "for (const [key, draft] of Object.entries(sessionStorage)) {
            const { saved, ...rest } = JSON.parse(draft);
            const earlier = String(Number(saved) - arguments[0]);
            sessionStorage.setItem(key, JSON.stringify({ ...rest, saved: earlier }));
        }";
    let hours = |hours: u32| json!(hours * 3_600_000);
    browser.script(make_older, &[hours(23)]);
    browser.open(&proxy.url("/forms/callback"));
    assert_eq!(FormPage::ready(browser).field("Your name").value(), "Ana Größe");

    browser.open(&proxy.url("/forms/quote"));
    browser.script(make_older, &[hours(25)]);
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "");
    assert_eq!(announcement(form), None);
    assert_eq!(stored_drafts(browser), json!([]));
}

#[test]
fn a_page_can_turn_drafts_off() {
    let body = "<deal-form src='/forms/quote' draft='off'></deal-form>";
    let World { crm, proxy, browser } = &World::open(LandingPage::with_body(body));
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 1_000);
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[&offer]);
    // A form with drafts would store its draft now, because the visitor leaves the page.
    browser.script("dispatchEvent(new Event('pagehide'));", &[]);
    assert_eq!(stored_drafts(browser), json!([]));
    form.wait_for_stored_files(0);

    browser.open(&proxy.url(World::LANDING_PAGE));
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "");
    fill_in::quote(form, &[]);
    form.submit();
    form.wait_for_deal();
    assert_eq!(crm.deal()["attachments"], json!([]));
}

#[test]
fn resetting_the_form_removes_the_announcement_of_the_draft() {
    let World { proxy, browser, .. } = &World::at("/forms/callback");
    fill_in::callback(FormPage::ready(browser));
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(browser);
    assert_ne!(announcement(form), None);
    browser.script("document.querySelector('deal-form').reset();", &[]);
    assert_eq!(announcement(form), None);
}

/// The form usually stores a draft after a pause in typing. If the visitor leaves the page or the
/// page removes the form, the form stores the draft without this pause.
#[test]
fn the_last_letters_before_leaving_the_page_are_stored() {
    let World { proxy, browser, .. } = &World::start();
    let open = || {
        browser.open(&proxy.url("/forms/callback"));
        let form = FormPage::ready(browser);
        browser.script("window.setTimeout = () => 0;", &[]);
        form
    };
    open().field("Your name").write("Ana");
    let form = open();
    assert_eq!(form.field("Your name").value(), "Ana", "after leaving the page");
    form.field("Your name").write("Ana Größe");
    form.remove();
    form.put_back("body");
    assert_eq!(form.field("Your name").value(), "Ana Größe", "after the form was removed");
}

/// The page may prefill different answers on the next visit.
#[test]
fn prefilled_answers_are_not_a_draft() {
    let script =
        "customElements.whenDefined('deal-form').then(() => document.querySelector('deal-form')
        .prefill({ note: new URLSearchParams(location.search).get('about') }));";
    let World { proxy, browser, .. } =
        &World::with_landing_page(LandingPage { script, ..LandingPage::CALLBACK });
    let open = |about: &str| {
        browser.open(&proxy.url(&format!("{}?about={about}", World::LANDING_PAGE)));
        let form = FormPage::ready(browser);
        assert_eq!(form.field("What would you like to discuss?").value(), about);
        form
    };
    open("slates");
    let form = open("slates");
    assert_eq!(announcement(form), None, "the visitor has not entered anything");
    form.field("Your name").write("Ana");
    wait_for_stored_name(browser, "Ana");
    let form = open("tiles");
    assert_eq!(form.field("Your name").value(), "Ana");
}
