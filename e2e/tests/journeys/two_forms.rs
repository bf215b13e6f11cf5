//! Several forms on one page, at once or one after the other.

use e2e::{Browser, FormPage, LandingPage, Samples, Site, World, fill_in, freeze_timers, wait_for};
use serde_json::{Value, json};
use thirtyfour::Key;

/// Returns a site with a page that has `callback`, `quote`, and an element into which both can be
/// moved.
fn site() -> Site {
    let site = Site::new();
    site.add_page(
        "two.html",
        Site::LOADER,
        "<deal-form id=\"callback\" src=\"/forms/callback\"></deal-form>
        <deal-form id=\"quote\" src=\"/forms/quote\"></deal-form>
        <aside></aside>",
    );
    site
}

#[test]
fn two_forms_on_one_page_are_independent() {
    let site = site();
    let World { crm, proxy, browser } = &World::with_site(&site);
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 10_000);
    browser.open(&proxy.url("/two.html"));
    let callback = FormPage::ready_at(browser, "#callback");
    let quote = FormPage::ready_at(browser, "#quote");

    let ids = browser.script(
        "return [...document.querySelectorAll('deal-form')].flatMap((form) =>
            [...form.shadowRoot.querySelectorAll('[id]')].map((element) => element.id));",
        &[],
    );
    let mut ids: Vec<&Value> = ids.as_array().unwrap().iter().collect();
    let all = ids.len();
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!(ids.len(), all, "an id is used twice");
    assert!(all > 20, "{ids:?}");

    fill_in::callback(callback);
    fill_in::quote(quote, &[&offer]);
    assert_eq!(callback.field("Phone").value(), "+49 30 123456");
    assert_eq!(quote.field("Phone").value(), "", "the other form does not change");
    callback.submit();
    let first = callback.wait_for_deal();
    assert_eq!(crm.deal()["name"], "Call back");
    crm.deal_with_number(&first);
    assert_eq!(quote.field("Your project").value(), "Two pages");
    quote.submit();
    let second = quote.wait_for_deal();

    let deals = crm.deals();
    assert_eq!(deals[0]["deal_id"], json!(second));
    assert_eq!(deals[0]["name"], "Quote request from the website");
    crm.assert_files(&deals[0], &[offer]);
    assert_eq!(deals[1]["attachments"], json!([]));
    browser.assert_console_is_empty();
}

#[test]
fn a_form_keeps_its_answers_when_it_is_moved_and_another_form_is_removed() {
    let site = site();
    let World { crm, proxy, browser } = &World::with_site(&site);
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 10_000);
    browser.open(&proxy.url("/two.html"));
    FormPage::ready_at(browser, "#callback");
    let quote = FormPage::ready_at(browser, "#quote");
    fill_in::quote(quote, &[&offer]);
    let entered = quote.answers();

    browser.script("document.querySelector('#callback').remove();", &[]);
    browser
        .script("document.querySelector('aside').append(document.querySelector('#quote'));", &[]);

    assert_eq!(quote.answers(), entered);
    quote.field("Email").write_and_leave("ana@example");
    assert_ne!(quote.field("Email").problem(), "");
    quote.field("Email").write("ana@example.com");
    quote.submit();
    let number = quote.wait_for_deal();
    let deal = crm.deal_with_number(&number);
    crm.assert_files(&deal, &[offer]);
    browser.assert_console_is_empty();
}

#[test]
fn a_form_that_is_removed_and_added_again_can_be_sent() {
    let World { crm, browser, .. } = &World::at("/");
    let form = FormPage::ready(browser);
    form.remove();
    form.put_back("main");
    fill_in::quote(form, &[]);
    form.submit();
    let number = form.wait_for_deal();
    crm.deal_with_number(&number);
}

/// Replaces the form with a new one that has the same address.
#[track_caller]
fn replace(browser: &Browser) -> FormPage<'_> {
    let replace = "document.querySelector('deal-form').remove();
        const form = document.createElement('deal-form');
        form.setAttribute('src', '/forms/callback');
        document.querySelector('main').append(form);";
    browser.script(replace, &[]);
    FormPage::ready(browser)
}

const CALLBACK: &str = "<main><deal-form src='/forms/callback'></deal-form></main>";

#[test]
fn a_form_that_replaces_a_used_one_continues_its_draft() {
    let World { browser, .. } = &World::open(LandingPage::with_body(CALLBACK));
    let form = FormPage::ready(browser);
    form.field("Your name").write_and_leave("Ana");

    let form = replace(browser);
    assert_eq!(form.field("Your name").value(), "Ana", "after a click");
    form.field("Phone").write("030 123456");
    browser.press(Key::Tab);
    let form = replace(browser);
    assert_eq!(form.field("Phone").value(), "030 123456", "after keys");
    form.field("What would you like to discuss?").write("A new roof");
    let tap = "for (const type of ['pointerdown', 'pointerup']) {
            root.querySelector('.df-title').dispatchEvent(
                new PointerEvent(type, { bubbles: true, composed: true, pointerType: 'touch' }));
        }";
    form.script(tap, &[]);
    let form = replace(browser);
    assert_eq!(form.field("What would you like to discuss?").value(), "A new roof", "after a tap");
    assert_eq!(form.field("Your name").value(), "Ana");
}

#[test]
fn a_form_that_replaces_one_whose_response_was_lost_creates_no_second_deal() {
    let World { crm, proxy, browser } = &mut World::open(LandingPage::with_body(CALLBACK));
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    form.field("Your name").leave();
    freeze_timers(browser);
    crm.delay_responses();
    form.submit();
    let first = wait_for("the deal", || crm.deals().pop());
    proxy.stop();
    form.wait_for_failure();
    crm.clear_faults();
    proxy.start_again();

    let form = replace(browser);
    assert_eq!(form.field("Your name").value(), "Ana Größe");
    form.submit();
    assert_eq!(form.wait_for_deal(), first["deal_id"]);
    assert_eq!(crm.deal()["external_reference_id"], first["external_reference_id"]);
}
