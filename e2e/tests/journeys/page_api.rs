//! The element's methods for the page's scripts, and its events.

use e2e::{FormPage, LandingPage, World, fill_in, freeze_timers, wait_for, wait_until};
use serde_json::json;

/// Records all form events, and adds a prefilled form with the attributes `arguments[0]`.
const ADD_FORM: &str = "
    window.events = [];
    for (const name of ['ready', 'change', 'invalid', 'submit', 'progress', 'success', 'error']) {
        addEventListener(`deal-form-${name}`, (event) => {
            events.push([name, event.detail]);
            if (window.prevent && name === 'submit') event.preventDefault();
        });
    }
    const form = document.createElement('deal-form');
    form.setAttribute('src', '/forms/callback');
    for (const [name, value] of Object.entries(arguments[0])) form.setAttribute(name, value);
    form.prefill({ contact_name: 'Zoë', contact_phone: '030 123456' });
    document.body.replaceChildren(form);";

/// Returns all events except `progress`, because the number of progress events depends on the
/// network.
const EVENTS: &str = "return events.filter(([name]) => name !== 'progress');";

#[test]
fn a_page_can_prefill_check_and_submit_a_form_or_prevent_its_submission() {
    let World { crm, browser, .. } = &World::open(LandingPage::default());
    browser.script(ADD_FORM, &[json!({})]);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "Zoë");
    let is_valid = "return document.querySelector('deal-form').checkValidity();";
    assert_eq!(browser.script(is_valid, &[]), true);

    let refill = "document.querySelector('deal-form').prefill({ contact_phone: 'x' });";
    browser.script(refill, &[]);
    assert_eq!(browser.script(is_valid, &[]), false);
    let submit = "document.querySelector('deal-form').submit();";
    browser.script(submit, &[]);
    form.field("Phone").write_and_leave("030 123456");

    browser.script("window.prevent = true;", &[]);
    browser.script(submit, &[]);
    browser.script("window.prevent = false;", &[]);
    browser.script(submit, &[]);
    let number = form.wait_for_deal();
    assert_eq!(crm.finished_calls().len(), 1, "the page prevented the first submission");

    let events = browser.script(EVENTS, &[]);
    let names: Vec<_> = events.as_array().unwrap().iter().map(|event| event[0].clone()).collect();
    assert_eq!(names, ["ready", "invalid", "change", "submit", "submit", "success"]);
    assert_eq!(
        events[1][1],
        json!({ "problems": [{ "parameter": "contact_phone", "code": "phone_character" }] })
    );
    assert_eq!(events[2][1], json!({ "parameter": "contact_phone" }));
    assert_eq!(events[5][1]["deal_id"], json!(number));
    assert!(!events.to_string().contains("123456"), "events contain no answers");

    browser.script("document.querySelector('deal-form').reset();", &[]);
    assert_eq!(FormPage::ready(browser).field("Your name").value(), "");
}

#[test]
fn the_visitors_answer_overrides_the_pages_prefill() {
    e2e::run_in_one_engine!();
    let World { proxy, browser, .. } = &World::open(LandingPage::default());
    browser.script(ADD_FORM, &[json!({})]);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "Zoë");
    form.field("Your name").write_and_leave("Ada");

    browser.open(&proxy.url(World::LANDING_PAGE));
    browser.script(ADD_FORM, &[json!({})]);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "Ada");
}

#[test]
fn a_page_may_reset_its_form_during_a_progress_event() {
    let World { crm, browser, .. } = &World::open(LandingPage::default());
    browser.script(ADD_FORM, &[json!({})]);
    FormPage::ready(browser);
    let reset = "addEventListener('deal-form-progress', (event) => event.target.reset());
        document.querySelector('deal-form').submit();";
    crm.inject_fault(&json!({ "kind": "delay", "before_responding_ms": 1000 }));
    browser.script(reset, &[]);
    let form = FormPage::ready(browser);
    wait_until("the empty form", || form.field("Your name").value().is_empty());
    form.field("Your name").write("Ada");
    assert_eq!(form.field("Your name").value(), "Ada", "the form still works");
    browser.assert_console_is_empty();
}

#[test]
fn a_form_without_a_shadow_root_is_styled_and_sent_like_any_other() {
    let World { crm, browser, .. } = &World::open(LandingPage::default());
    browser.script(ADD_FORM, &[json!({ "light-dom": "", "theme": "dark" })]);
    let button = wait_for("the button that sends the form", || {
        browser.element("return document.querySelector('deal-form .df-submit');", &[])
    });
    let color = "return getComputedStyle(document.querySelector('.df')).color;";
    assert_eq!(browser.script(color, &[]), "rgb(232, 234, 240)");
    browser.click(&button);
    crm.wait_for_deal();
}

#[test]
fn a_form_ignores_data_attributes_of_elements_around_it() {
    let World { browser, .. } = &World::open(LandingPage::default());
    // Frameworks set attributes with these names.
    let script = "document.body.innerHTML = `<div data-action='a' data-field='9' data-remove='0'>
        <deal-form src='/forms/callback' light-dom></deal-form></div>`;";
    browser.script(script, &[]);
    let form = FormPage::ready(browser);
    form.submit();
    form.follow_summary_link("Fill in “Phone”.");
    let focused = "return document.activeElement.name;";
    assert_eq!(browser.script(focused, &[]), "contact_phone");
}

#[test]
fn a_pasted_picture_fires_a_change_event_and_is_part_of_an_immediate_submission() {
    let World { crm, browser, .. } = &World::open(LandingPage::default());
    browser.script(ADD_FORM, &[json!({ "src": "/forms/quote" })]);
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[]);
    let paste = "const canvas = document.createElement('canvas');
        return new Promise((done) => canvas.toBlob(done)).then((picture) => {
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([picture], 'image.png', { type: 'image/png' }));
            const event = new ClipboardEvent('paste',
                { bubbles: true, composed: true, cancelable: true });
            // In Firefox, events that a script creates have no clipboard.
            Object.defineProperty(event, 'clipboardData', { value: clipboardData });
            root.querySelector('.df-title').dispatchEvent(event);
            host.submit();
        });";
    form.script(paste, &[]);
    form.wait_for_deal();
    assert_eq!(crm.deal()["attachments"].as_array().map(Vec::len), Some(1), "{}", crm.deal());
    let events = browser.script(EVENTS, &[]).to_string();
    assert!(events.contains(r#"["change",{"parameter":"attachments"}]"#), "{events}");
}

#[test]
fn prefilling_a_removed_form_applies_when_it_is_added_again() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &World::open(LandingPage::default());
    browser.script(ADD_FORM, &[json!({ "draft": "off" })]);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Phone").value(), "030 123456");
    form.remove();
    let is_ready = "return window.removedForm.hasAttribute('ready');";
    assert_eq!(browser.script(is_ready, &[]), false, "a removed form is not ready");
    let prefill_and_add =
        "removedForm.prefill({ contact_name: 'Ada' }); document.body.append(removedForm);";
    browser.script(prefill_and_add, &[]);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "Ada");
    assert_eq!(form.field("Phone").value(), "", "the first prefill applied only once");
}

#[test]
fn a_later_prefill_is_stored_and_stops_the_countdown() {
    e2e::run_in_one_engine!();
    let World { proxy, browser, .. } = &mut World::open(LandingPage::default());
    browser.script(ADD_FORM, &[json!({})]);
    let form = FormPage::ready(browser);
    let fill = "document.querySelector('deal-form').prefill({ note: 'A new roof' });";
    browser.script(fill, &[]);
    form.wait_for_draft("A new roof");

    freeze_timers(browser);
    proxy.stop();
    form.submit();
    form.wait_for_countdown();
    browser.script(&fill.replace("new", "small"), &[]);
    wait_until("the end of the countdown", || form.countdown().is_none());
}

#[test]
fn prefilling_an_unknown_name_prints_a_warning() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &World::open(LandingPage::default());
    browser.script("window.warnings = []; console.warn = (text) => warnings.push(text);", &[]);
    browser.script(ADD_FORM, &[json!({})]);
    FormPage::ready(browser);
    let fill = "document.querySelector('deal-form').prefill({ contact_nam: 'Zoë' });";
    browser.script(fill, &[]);
    let warnings = browser.script("return warnings;", &[]);
    assert_eq!(warnings, json!(["deal-form: this form does not ask for contact_nam"]));
}

/// The form hides its own button while it sends, but a page can call `submit` again.
#[test]
fn a_page_that_calls_submit_twice_sends_once() {
    let World { crm, browser, .. } = &World::open(LandingPage::default());
    browser.script(ADD_FORM, &[json!({})]);
    let form = FormPage::ready(browser);
    let twice = "const form = document.querySelector('deal-form');
        form.submit();
        form.submit();
        form.shadowRoot.querySelector('form').requestSubmit();";
    browser.script(twice, &[]);
    form.wait_for_deal();
    crm.assert_one_call();
    let events = browser.script(EVENTS, &[]);
    let submit_count =
        events.as_array().unwrap().iter().filter(|event| event[0] == "submit").count();
    assert_eq!(submit_count, 1, "{events}");
}
