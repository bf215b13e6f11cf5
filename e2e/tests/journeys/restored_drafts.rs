//! A draft that is brought back: it is announced, can be thrown away, and ends.

use e2e::{Browser, FormPage, LandingPage, Samples, World, fill_in, wait_until};
use serde_json::{Value, json};

/// What is kept of drafts for the tab.
fn kept(browser: &Browser) -> Value {
    let kept = "return Object.entries(sessionStorage)
        .filter(([key]) => key.startsWith('deal-form')).map(([, draft]) => JSON.parse(draft));";
    browser.script(kept, &[])
}

/// Waits until that is kept as the name.
#[track_caller]
fn keeps_name(browser: &Browser, name: &str) {
    wait_until("draft", || kept(browser)[0]["texts"]["contact_name"] == name);
}

fn announced(form: FormPage<'_>) -> Option<String> {
    form.read(".df-restored .df-said")
}

#[test]
fn a_restored_draft_is_announced_until_it_is_discarded() {
    let World { crm, proxy, browser } = &World::start();
    let open = || {
        browser.open(&proxy.url("/forms/callback"));
        FormPage::ready(browser)
    };
    let form = open();
    assert_eq!(announced(form), None, "nothing was typed yet");
    fill_in::callback(form);
    keeps_name(browser, "Ana Größe");
    let first = kept(browser)[0]["external_reference_id"].clone();

    let form = open();
    assert_eq!(announced(form).as_deref(), Some("Your answers were restored."));
    form.press_button("Start over");
    assert_eq!(announced(form), None);
    assert_eq!(form.focused(), "Your name");
    let empty =
        json!({"Your name": "", "Phone": "", "What would you like to discuss?": "", "files": []});
    assert_eq!(form.answers(), empty);
    assert_eq!(kept(browser), json!([]));

    let form = open();
    assert_eq!(form.answers(), empty, "and it stays so");
    assert_eq!(announced(form), None);
    fill_in::callback(form);
    form.submit();
    form.wait_for_deal();
    assert_ne!(crm.deal()["external_reference_id"], first, "another draft, another reference");
}

/// Somebody may have what was sent: whatever is written in its place goes by the same reference.
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
        wait_until("emptied draft", || kept(browser)[0]["texts"] == json!({}));
    };
    crm.inject_fault(&json!({"kind": "refuse"}));
    let form = open();
    fill_in::callback(form);
    form.submit();
    form.wait_for_failure();
    let sent = kept(browser)[0]["external_reference_id"].clone();
    empty(form);

    let form = open();
    assert_eq!(announced(form), None, "there is nothing to be seen of it");
    fill_in::callback(form);
    keeps_name(browser, "Ana Größe");
    let form = open();
    assert_ne!(announced(form), None);
    empty(form);
    form.field("Your name").write("Ben");
    form.field("Phone").write("030 654321");
    crm.clear_faults();
    form.submit();
    assert_eq!(announced(form), None, "whoever sends it has seen it");
    form.wait_for_deal();
    assert_eq!(crm.deal()["external_reference_id"], sent);
}

#[test]
fn an_unsent_draft_is_removed_when_it_is_emptied() {
    let World { browser, .. } = &World::at("/forms/callback");
    let form = FormPage::ready(browser);
    form.field("Your name").write("Ana");
    keeps_name(browser, "Ana");
    form.field("Your name").write("");
    wait_until("end of the draft", || kept(browser) == json!([]));
}

#[test]
fn a_draft_expires_after_a_day() {
    let World { proxy, browser, .. } = &World::at("/forms/callback");
    fill_in::callback(FormPage::ready(browser));
    // Leaves it as if a day and an hour had passed. The page that is left keeps it once more, so
    // from another one of the same origin.
    browser.open(&proxy.url("/forms/quote"));
    let age = "for (const [key, draft] of Object.entries(sessionStorage)) {
            const { saved, ...rest } = JSON.parse(draft);
            const earlier = String(Number(saved) - arguments[0]);
            sessionStorage.setItem(key, JSON.stringify({ ...rest, saved: earlier }));
        }";
    let hours = |hours: u32| json!(hours * 3_600_000);
    browser.script(age, &[hours(23)]);
    browser.open(&proxy.url("/forms/callback"));
    assert_eq!(FormPage::ready(browser).field("Your name").value(), "Ana Größe");

    browser.open(&proxy.url("/forms/quote"));
    browser.script(age, &[hours(25)]);
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "");
    assert_eq!(announced(form), None);
    assert_eq!(kept(browser), json!([]));
}

#[test]
fn a_page_can_turn_drafts_off() {
    let body = "<deal-form src='/forms/quote' draft='off'></deal-form>";
    let World { crm, proxy, browser } = &World::open(LandingPage::with_body(body));
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 1_000);
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[&offer]);
    // What is left keeps its draft at the latest now.
    browser.script("dispatchEvent(new Event('pagehide'));", &[]);
    assert_eq!(kept(browser), json!([]));
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
    assert_ne!(announced(form), None);
    browser.script("document.querySelector('deal-form').reset();", &[]);
    assert_eq!(announced(form), None);
}

/// Nothing waits for the pause after which a draft is kept: neither a visitor who leaves nor a page
/// that takes its form off.
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
    assert_eq!(form.field("Your name").value(), "Ana", "left");
    form.field("Your name").write("Ana Größe");
    let move_away = "const form = document.querySelector('deal-form');
        form.remove();
        window.form = form;";
    browser.script(move_away, &[]);
    browser.script("document.body.append(window.form);", &[]);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "Ana Größe", "taken off");
}

/// What a page fills in is the page's, and may be another thing the next time.
#[test]
fn prefilled_answers_are_not_a_draft() {
    let fill =
        "customElements.whenDefined('deal-form').then(() => document.querySelector('deal-form')
        .prefill({ note: new URLSearchParams(location.search).get('about') }));";
    let World { proxy, browser, .. } =
        &World::with_landing_page(LandingPage { script: fill, ..LandingPage::CALLBACK });
    let open = |about: &str| {
        browser.open(&proxy.url(&format!("{}?about={about}", World::LANDING_PAGE)));
        let form = FormPage::ready(browser);
        assert_eq!(form.field("What would you like to discuss?").value(), about);
        form
    };
    open("slates");
    let form = open("slates");
    assert_eq!(announced(form), None, "the visitor entered nothing");
    form.field("Your name").write("Ana");
    keeps_name(browser, "Ana");
    let form = open("tiles");
    assert_eq!(form.field("Your name").value(), "Ana");
}
