//! The events that a form dispatches.

use e2e::{Browser, FormPage, LandingPage, Samples, World, fill_in, wait_until};
use serde_json::{Value, json};

/// Records all events except progress.
const RECORD: &str = "window.recorded = [];
    for (const name of ['ready', 'change', 'invalid', 'submit', 'success', 'error']) {
        addEventListener(`deal-form-${name}`, ({ detail }) => recorded.push([name, detail ?? null]));
    }";

/// Opens a page that has this body and records events.
fn open(body: &str) -> World {
    World::open(LandingPage { script: RECORD, ..LandingPage::with_body(body) })
}

/// Returns the events since the last call.
fn take_events(browser: &Browser) -> Value {
    browser.script("return recorded.splice(0);", &[])
}

#[test]
fn adding_or_removing_a_file_fires_a_change_event() {
    let World { browser, .. } = &open("<deal-form src='/forms/quote'></deal-form>");
    let samples = Samples::new();
    let form = FormPage::ready(browser);
    let change = json!([["change", { "parameter": "attachments" }]]);
    take_events(browser);
    form.field(fill_in::QUOTE_FILES).attach(&[&samples.pdf("Offer.pdf", 1_000)]);
    assert_eq!(take_events(browser), change, "chosen");
    let zone = form.element("return root.querySelector('.df-zone');", &[]);
    browser.drop_files(&zone, &[&samples.pdf("Plan.pdf", 2_000)]);
    wait_until("both files", || form.files().len() == 2);
    assert_eq!(take_events(browser), change, "dropped");
    form.remove_file("Offer.pdf");
    assert_eq!(take_events(browser), change, "removed");
}

#[test]
fn the_page_receives_events_for_a_cancelled_and_a_received_submission() {
    e2e::run_in_one_engine!();
    let World { crm, browser, .. } = &mut open("<deal-form src='/forms/callback'></deal-form>");
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    form.field("What would you like to discuss?").leave();
    crm.delay_storing();
    take_events(browser);
    form.submit();
    form.wait_until_uploaded();
    form.press_button("Cancel");
    form.wait_for_failure();
    let stopped = json!([["submit", null], ["error", { "code": "cancelled" }]]);
    assert_eq!(take_events(browser), stopped);

    crm.stop();
    form.field("What would you like to discuss?").write_and_leave("A new roof, and soon");
    take_events(browser);
    form.press_button("Try again");
    let reference = form.wait_until_received();
    let kept = json!({ "message": "received", "external_reference_id": reference });
    assert_eq!(take_events(browser), json!([["submit", null], ["success", kept]]));
}

#[test]
fn the_page_receives_an_event_for_a_form_that_cannot_load() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &open("<deal-form src='/forms/nowhere'></deal-form>");
    let failed = json!([["error", { "code": "load" }]]);
    wait_until("the error event", || take_events(browser) == failed);
}

/// Some applications are custom elements with a shadow root.
#[test]
fn events_reach_the_page_from_a_form_inside_another_shadow_root() {
    let World { crm, browser, .. } = &open("<main></main>");
    let inside = "const app = document.querySelector('main').attachShadow({ mode: 'open' });
        app.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';";
    browser.script(inside, &[]);
    wait_until("the ready event", || take_events(browser) == json!([["ready", null]]));
    let send = "const form = document.querySelector('main').shadowRoot.querySelector('deal-form');
        form.prefill({ contact_name: 'Ana', contact_phone: '030 123456' });
        form.submit();";
    browser.script(send, &[]);
    crm.wait_for_deal();
}
