//! What a page's own scripts can do with the element, and what they are told.

use e2e::{FormPage, LandingPage, World, fill_in, freeze_timers, wait_for, wait_until};
use serde_json::json;

/// Notes every event of every form of the page.
const LISTEN: &str = "
    window.told = [];
    for (const name of ['ready', 'change', 'invalid', 'submit', 'progress', 'success', 'error']) {
        addEventListener(`deal-form-${name}`, (event) => {
            told.push([name, event.detail]);
            if (window.keep && name === 'submit') event.preventDefault();
        });
    }
    const form = document.createElement('deal-form');
    form.setAttribute('src', '/forms/callback');
    for (const [name, value] of Object.entries(arguments[0])) form.setAttribute(name, value);
    form.prefill({ contact_name: 'Zoë', contact_phone: '030 123456' });
    document.body.replaceChildren(form);";

/// What was told, but for progress, which depends on the line.
const TOLD: &str = "return told.filter(([name]) => name !== 'progress');";

#[test]
fn a_page_can_prefill_check_prevent_and_send_a_form_and_receives_events() {
    let World { crm, browser, .. } = &World::open(LandingPage::default());
    browser.script(LISTEN, &[json!({})]);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "Zoë");
    let valid = "return document.querySelector('deal-form').checkValidity();";
    assert_eq!(browser.script(valid, &[]), true);

    let refill = "document.querySelector('deal-form').prefill({ contact_phone: 'x' });";
    browser.script(refill, &[]);
    assert_eq!(browser.script(valid, &[]), false);
    let submit = "document.querySelector('deal-form').submit();";
    browser.script(submit, &[]);
    form.field("Phone").write_and_leave("030 123456");

    browser.script("window.keep = true;", &[]);
    browser.script(submit, &[]);
    browser.script("window.keep = false;", &[]);
    browser.script(submit, &[]);
    let number = form.wait_for_deal();
    assert_eq!(crm.finished_calls().len(), 1, "the page kept the first");

    let told = browser.script(TOLD, &[]);
    let names: Vec<_> = told.as_array().unwrap().iter().map(|told| told[0].clone()).collect();
    assert_eq!(names, ["ready", "invalid", "change", "submit", "submit", "success"]);
    assert_eq!(
        told[1][1],
        json!({ "problems": [{ "parameter": "contact_phone", "code": "phone_character" }] })
    );
    assert_eq!(told[2][1], json!({ "parameter": "contact_phone" }));
    assert_eq!(told[5][1]["deal_id"], json!(number));
    assert!(!told.to_string().contains("123456"), "what was entered is nobody's business");

    browser.script("document.querySelector('deal-form').reset();", &[]);
    assert_eq!(FormPage::ready(browser).field("Your name").value(), "");
}

#[test]
fn the_visitors_answer_overrides_the_pages_prefill() {
    e2e::run_in_one_engine!();
    let World { proxy, browser, .. } = &World::open(LandingPage::default());
    browser.script(LISTEN, &[json!({})]);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "Zoë");
    form.field("Your name").write_and_leave("Ada");

    browser.open(&proxy.url(World::LANDING_PAGE));
    browser.script(LISTEN, &[json!({})]);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "Ada");
}

#[test]
fn a_page_may_reset_its_form_during_a_progress_event() {
    let World { crm, browser, .. } = &World::open(LandingPage::default());
    browser.script(LISTEN, &[json!({})]);
    FormPage::ready(browser);
    let reset = "addEventListener('deal-form-progress', (event) => event.target.reset());
        document.querySelector('deal-form').submit();";
    crm.inject_fault(&json!({ "kind": "delay", "before_responding_ms": 1000 }));
    browser.script(reset, &[]);
    let form = FormPage::ready(browser);
    wait_until("empty form", || form.field("Your name").value().is_empty());
    form.field("Your name").write("Ada");
    assert_eq!(form.field("Your name").value(), "Ada", "the form still lives");
    assert!(browser.take_console().is_empty(), "nothing broke");
}

#[test]
fn a_form_without_a_shadow_root_is_styled_and_sent_like_any_other() {
    let World { crm, browser, .. } = &World::open(LandingPage::default());
    browser.script(LISTEN, &[json!({ "light-dom": "", "theme": "dark" })]);
    let button = wait_for("button that sends", || {
        browser.element("return document.querySelector('deal-form .df-submit');", &[])
    });
    let color = "return getComputedStyle(document.querySelector('.df')).color;";
    assert_eq!(browser.script(color, &[]), "rgb(232, 234, 240)");
    browser.click(&button);
    crm.wait_for_deal();
}

#[test]
fn a_form_ignores_attributes_of_the_page_around_it() {
    let World { browser, .. } = &World::open(LandingPage::default());
    // As frameworks write them.
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
fn a_pasted_picture_fires_a_change_and_is_part_of_an_immediate_submission() {
    let World { crm, browser, .. } = &World::open(LandingPage::default());
    browser.script(LISTEN, &[json!({ "src": "/forms/quote" })]);
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[]);
    let paste = "const canvas = document.createElement('canvas');
        return new Promise((done) => canvas.toBlob(done)).then((picture) => {
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([picture], 'image.png', { type: 'image/png' }));
            const event = new ClipboardEvent('paste',
                { bubbles: true, composed: true, cancelable: true });
            // Firefox takes none for an event that a script makes.
            Object.defineProperty(event, 'clipboardData', { value: clipboardData });
            root.querySelector('.df-title').dispatchEvent(event);
            host.submit();
        });";
    form.script(paste, &[]);
    form.wait_for_deal();
    assert_eq!(crm.deal()["attachments"].as_array().map(Vec::len), Some(1), "{}", crm.deal());
    let told = browser.script(TOLD, &[]).to_string();
    assert!(told.contains(r#"["change",{"parameter":"attachments"}]"#), "{told}");
}

#[test]
fn prefilling_a_removed_form_applies_when_it_is_added_again() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &World::open(LandingPage::default());
    browser.script(LISTEN, &[json!({ "draft": "off" })]);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Phone").value(), "030 123456");
    browser.script("window.form = document.querySelector('deal-form'); form.remove();", &[]);
    let off = "return window.form.hasAttribute('ready');";
    assert_eq!(browser.script(off, &[]), false, "there is none to be filled in");
    let back = "form.prefill({ contact_name: 'Ada' }); document.body.append(form);";
    browser.script(back, &[]);
    let form = FormPage::ready(browser);
    assert_eq!(form.field("Your name").value(), "Ada");
    assert_eq!(form.field("Phone").value(), "", "that was meant for the first one");
}

#[test]
fn a_later_prefill_is_stored_and_stops_the_countdown() {
    e2e::run_in_one_engine!();
    let World { proxy, browser, .. } = &mut World::open(LandingPage::default());
    browser.script(LISTEN, &[json!({})]);
    let form = FormPage::ready(browser);
    let fill = "document.querySelector('deal-form').prefill({ note: 'A new roof' });";
    browser.script(fill, &[]);
    form.wait_for_draft("A new roof");

    freeze_timers(browser);
    proxy.stop();
    form.submit();
    form.wait_for_countdown();
    browser.script(&fill.replace("new", "small"), &[]);
    wait_until("its end", || form.countdown().is_none());
}

#[test]
fn prefilling_an_unknown_name_prints_a_warning() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &World::open(LandingPage::default());
    browser.script("window.warned = []; console.warn = (text) => warned.push(text);", &[]);
    browser.script(LISTEN, &[json!({})]);
    FormPage::ready(browser);
    let fill = "document.querySelector('deal-form').prefill({ contact_nam: 'Zoë' });";
    browser.script(fill, &[]);
    let warned = browser.script("return warned;", &[]);
    assert_eq!(warned, json!(["deal-form: this form does not ask for contact_nam"]));
}

/// The form's own button is away by then; a page's is not.
#[test]
fn a_page_that_calls_submit_twice_sends_once() {
    let World { crm, browser, .. } = &World::open(LandingPage::default());
    browser.script(LISTEN, &[json!({})]);
    let form = FormPage::ready(browser);
    let twice = "const form = document.querySelector('deal-form');
        form.submit();
        form.submit();
        form.shadowRoot.querySelector('form').requestSubmit();";
    browser.script(twice, &[]);
    form.wait_for_deal();
    crm.assert_one_call();
    let told = browser.script(TOLD, &[]);
    let sent = told.as_array().unwrap().iter().filter(|told| told[0] == "submit").count();
    assert_eq!(sent, 1, "{told}");
}
