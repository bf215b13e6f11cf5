//! A draft's answers, files and reference survive a reload.

use e2e::{
    FormPage, LandingPage, NO_FILE_STORAGE, Samples, World, fill_in, freeze_timers, wait_for,
    wait_until,
};
use serde_json::json;

#[test]
fn a_reload_keeps_the_answers_until_the_deal_has_arrived() {
    let World { crm, proxy, browser } = &World::at("/");
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[]);
    let entered = form.answers();

    browser.open(&proxy.url("/"));
    let form = FormPage::ready(browser);
    assert_eq!(form.answers(), entered);
    form.submit();
    form.wait_for_deal();
    crm.assert_one_call();

    browser.open(&proxy.url("/"));
    assert_eq!(FormPage::ready(browser).field("Your name").value(), "");
}

#[test]
fn a_reload_after_a_lost_response_creates_no_second_deal() {
    let World { crm, proxy, browser } = &mut World::at("/");
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[]);
    // Stop the timers, because the form would otherwise retry before the reload.
    freeze_timers(browser);
    crm.delay_responses();
    form.submit();
    form.wait_until_uploaded();
    let first = wait_for("the deal", || crm.deals().pop());
    // The CRM has the deal, and the response is lost.
    proxy.stop();
    assert_eq!(form.wait_for_failure().heading, "The connection was lost");
    crm.clear_faults();
    proxy.start_again();

    browser.open(&proxy.url("/"));
    let form = FormPage::ready(browser);
    form.submit();
    assert_eq!(form.wait_for_deal(), first["deal_id"]);
    let deal = crm.deal();
    assert_eq!(deal["external_reference_id"], first["external_reference_id"]);
}

#[test]
fn a_reload_during_the_submission_creates_no_second_deal() {
    let World { crm, proxy, browser } = &World::start();
    let stores_files = browser.has_file_storage();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 300_000);
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[&offer]);
    let entered = form.answers();
    crm.delay_responses();
    form.submit();
    let first = wait_for("the deal", || crm.deals().pop());
    if stores_files {
        form.wait_for_stored_files(1);
    }

    // The driver confirms the browser's question whether to leave the page.
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(browser);
    if stores_files {
        wait_until("the file", || form.files().len() == 1);
    } else {
        form.field(fill_in::QUOTE_FILES).attach(&[&offer]);
    }
    assert_eq!(form.answers(), entered);
    form.submit();
    crm.clear_faults();
    assert_eq!(form.wait_for_deal(), first["deal_id"]);
    crm.finished_calls();
    let deal = crm.deal();
    assert_eq!(deal["external_reference_id"], first["external_reference_id"]);
    crm.assert_files(&deal, &[offer]);
}

/// The page is reloaded a second time before the files are restored.
#[test]
fn files_survive_two_reloads_in_quick_succession() {
    e2e::skip_in!(WebKit, NO_FILE_STORAGE);
    // Dispatches the `pagehide` event before the form has restored its files.
    let script = "addEventListener('deal-form-ready', () => dispatchEvent(new Event('pagehide')));";
    let World { crm, proxy, browser } = &World::open(LandingPage { script, ..LandingPage::QUOTE });
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 300_000);
    let form = FormPage::ready(browser);
    form.field(fill_in::QUOTE_FILES).attach(&[&offer]);
    form.wait_for_stored_files(1);
    for _ in 0..2 {
        browser.open(&proxy.url(World::LANDING_PAGE));
        let form = FormPage::ready(browser);
        wait_until("the file", || form.files().len() == 1);
    }
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[]);
    form.submit();
    let number = form.wait_for_deal();
    let deal = crm.deal_with_number(&number);
    crm.assert_files(&deal, &[offer]);
}

/// Visitors can untick a box that the page's prefilled answers have ticked.
#[test]
fn cleared_answers_stay_cleared_after_a_reload() {
    let script = "customElements.whenDefined('deal-form').then(() => document
        .querySelector('deal-form').prefill({ contact_name: 'Zoë', send_email_to_contact: '1' }));";
    let World { proxy, browser, .. } =
        &World::with_landing_page(LandingPage { script, ..LandingPage::QUOTE });
    let open = || {
        browser.open(&proxy.url(World::LANDING_PAGE));
        FormPage::ready(browser)
    };
    let form = open();
    assert_eq!(form.answers()["Send me a confirmation by email"], json!(true));
    form.field("Send me a confirmation by email").tick();
    form.field("Your name").write("");

    let form = open();
    assert_eq!(form.answers()["Send me a confirmation by email"], json!(false));
    assert_eq!(form.field("Your name").value(), "");
    assert_eq!(form.read(".df-restored"), None, "an empty draft is not announced");
}

#[test]
fn a_duplicated_tab_creates_a_separate_deal() {
    e2e::skip_in!(WebKit, "its driver does not let pages open tabs");
    let World { crm, browser, .. } = &World::open(LandingPage::CALLBACK);
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    let stored_draft = || {
        let read = "return Object.entries(sessionStorage)
            .find(([key]) => key.startsWith('deal-form'))?.[1] ?? '{}';";
        let draft = browser.script(read, &[]);
        serde_json::from_str::<serde_json::Value>(draft.as_str().unwrap()).unwrap()
    };
    let first = wait_for("the draft", || {
        Some(stored_draft()).filter(|draft| draft["texts"]["note"] == "A new roof")
    });

    browser.duplicate_tab();
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "Ana Größe", "the answers are copied");
    let reference = "external_reference_id";
    wait_until("another reference", || stored_draft()[reference] != first[reference]);
    form.field("What would you like to discuss?").write("A new cellar");
    form.submit();
    form.wait_for_deal();
    browser.switch_to_tab(0);
    form.submit();
    form.wait_for_deal();
    assert_eq!(crm.deals().len(), 2);
}

#[test]
fn a_file_that_cannot_be_stored_does_not_affect_other_files() {
    e2e::skip_in!(WebKit, NO_FILE_STORAGE);
    // Storing one of the files fails, as it would on a full disk.
    let script = "const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (value, key) {
            put.call(this, value, key);
            if (value.file.name === 'Huge.pdf') this.transaction.abort();
        };";
    let World { proxy, browser, .. } = &World::open(LandingPage { script, ..LandingPage::QUOTE });
    let samples = Samples::new();
    let (offer, huge) = (samples.pdf("Offer.pdf", 1_000), samples.pdf("Huge.pdf", 1_000));
    let form = FormPage::ready(browser);
    form.field(fill_in::QUOTE_FILES).attach(&[&huge, &offer]);
    form.wait_for_stored_files(1);

    browser.open(&proxy.url(World::LANDING_PAGE));
    let form = FormPage::ready(browser);
    let files = wait_for("the file", || Some(form.files()).filter(|files| !files.is_empty()));
    assert_eq!(files[0].0, "Offer.pdf");
}

#[test]
fn typing_does_not_open_the_file_database() {
    e2e::skip_in!(WebKit, NO_FILE_STORAGE);
    let script = "const { open } = IDBFactory.prototype;
        window.opened = 0;
        IDBFactory.prototype.open = function (...all) {
            window.opened += 1;
            return open.apply(this, all);
        };";
    let World { browser, .. } = &World::open(LandingPage { script, ..LandingPage::QUOTE });
    let samples = Samples::new();
    let form = FormPage::ready(browser);
    form.field(fill_in::QUOTE_FILES).attach(&[&samples.pdf("Offer.pdf", 1_000)]);
    form.wait_for_stored_files(1);
    let opened = browser.script("return window.opened;", &[]);
    form.field("Your name").write("Ana");
    form.wait_for_draft("Ana");
    assert_eq!(browser.script("return window.opened;", &[]), opened);
}
