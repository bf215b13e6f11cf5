//! What a page hears of a form beside its beginning and its end.

use e2e::{Browser, FormPage, LandingPage, Samples, World, fill_in, wait_until};
use serde_json::{Value, json};

/// Notes every event but progress.
const LISTEN: &str = "window.told = [];
    for (const name of ['ready', 'change', 'invalid', 'submit', 'success', 'error']) {
        addEventListener(`deal-form-${name}`, ({ detail }) => told.push([name, detail ?? null]));
    }";

/// Opens a page with that body, which notes what it hears.
fn open(body: &str) -> World {
    World::open(LandingPage { script: LISTEN, ..LandingPage::with_body(body) })
}

/// What was told since the last look.
fn told(browser: &Browser) -> Value {
    browser.script("return told.splice(0);", &[])
}

#[test]
fn adding_or_removing_a_file_fires_a_change() {
    let World { browser, .. } = &open("<deal-form src='/forms/quote'></deal-form>");
    let samples = Samples::new();
    let form = FormPage::ready(browser);
    let change = json!([["change", { "parameter": "attachments" }]]);
    told(browser);
    form.field(fill_in::QUOTE_FILES).attach(&[&samples.pdf("Offer.pdf", 1_000)]);
    assert_eq!(told(browser), change, "chosen");
    let zone = form.element("return root.querySelector('.df-zone');", &[]);
    browser.drop_files(&zone, &[&samples.pdf("Plan.pdf", 2_000)]);
    wait_until("both files", || form.files().len() == 2);
    assert_eq!(told(browser), change, "dropped");
    form.remove_file("Offer.pdf");
    assert_eq!(told(browser), change, "removed");
}

#[test]
fn the_page_receives_events_for_a_cancelled_and_a_received_submission() {
    e2e::run_in_one_engine!();
    let World { crm, browser, .. } = &mut open("<deal-form src='/forms/callback'></deal-form>");
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    form.field("What would you like to discuss?").leave();
    crm.delay_storing();
    told(browser);
    form.submit();
    form.wait_until_uploaded();
    form.press_button("Cancel");
    form.wait_for_failure();
    let stopped = json!([["submit", null], ["error", { "code": "cancelled" }]]);
    assert_eq!(told(browser), stopped);

    crm.stop();
    form.field("What would you like to discuss?").write_and_leave("A new roof, and soon");
    told(browser);
    form.press_button("Try again");
    let reference = form.wait_until_received();
    let kept = json!({ "message": "received", "external_reference_id": reference });
    assert_eq!(told(browser), json!([["submit", null], ["success", kept]]));
}

#[test]
fn the_page_receives_an_event_for_a_form_that_cannot_load() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &open("<deal-form src='/forms/nowhere'></deal-form>");
    let failed = json!([["error", { "code": "load" }]]);
    wait_until("news of it", || told(browser) == failed);
}

/// As applications are that are elements themselves.
#[test]
fn events_leave_the_shadow_root_of_the_pages_own_element() {
    let World { crm, browser, .. } = &open("<main></main>");
    let inside = "const app = document.querySelector('main').attachShadow({ mode: 'open' });
        app.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';";
    browser.script(inside, &[]);
    wait_until("word of it", || told(browser) == json!([["ready", null]]));
    let send = "const form = document.querySelector('main').shadowRoot.querySelector('deal-form');
        form.prefill({ contact_name: 'Ana', contact_phone: '030 123456' });
        form.submit();";
    browser.script(send, &[]);
    crm.wait_for_deal();
}
