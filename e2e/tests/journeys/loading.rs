//! A form while it loads, and requests that fail while it loads.

use e2e::{FormPage, LandingPage, World, wait_until};
use serde_json::json;

#[test]
fn a_loading_form_reserves_space_only_if_the_page_does_not() {
    let World { browser, .. } = &World::open(LandingPage::default());
    // Hold the widget's requests until the page has measured the forms.
    let script = "const { fetch } = window;
        const measured = new Promise((done) => addEventListener('measured', done));
        window.fetch = (...all) => measured.then(() => fetch(...all));
        document.body.innerHTML = `<deal-form src='/forms/callback'></deal-form>
            <deal-form src='/forms/quote'><p>Call 030 123456.</p></deal-form>`;
        const own = document.createElement('deal-form');
        own.style.minHeight = '300px';
        document.body.append(own);
        own.src = '/forms/steps';
        return [...document.querySelectorAll('deal-form')].map((form) => form.style.minHeight);";
    assert_eq!(browser.script(script, &[]), json!(["640px", "", "300px"]));
    browser.script("dispatchEvent(new Event('measured'));", &[]);
    let heights = "const forms = [...document.querySelectorAll('deal-form')];
        return forms.every((form) => form.hasAttribute('ready'))
            && forms.map((form) => form.style.minHeight);";
    let released = json!(["", "", "300px"]);
    wait_until("three loaded forms", || browser.script(heights, &[]) == released);
}

#[test]
fn a_form_that_cannot_load_releases_its_space() {
    let World { browser, .. } = &World::open(LandingPage::default());
    let script = "const measured = new Promise((done) => addEventListener('measured', done));
        window.fetch = () => measured.then(() => Promise.reject(new TypeError('lost')));
        window.failures = 0;
        addEventListener('deal-form-error', () => { window.failures += 1; });
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';
        return document.querySelector('deal-form').style.minHeight;";
    assert_eq!(browser.script(script, &[]), "640px");
    browser.script("dispatchEvent(new Event('measured'));", &[]);
    let failed = "return window.failures === 1
        && document.querySelector('deal-form').style.minHeight;";
    wait_until("the released space", || browser.script(failed, &[]) == "");
}

/// The next form on the page requests the widget again.
#[test]
fn a_widget_that_did_not_load_is_requested_again() {
    let World { browser, .. } = &World::open(LandingPage::default());
    let script = "const { fetch } = window;
        window.lost = true;
        window.fetch = (...all) => lost && String(all[0]).endsWith('.wasm')
            ? Promise.reject(new TypeError('lost')) : fetch(...all);
        window.failures = 0;
        addEventListener('deal-form-error', () => { window.failures += 1; });
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';";
    browser.script(script, &[]);
    let failed = "return window.failures;";
    wait_until("the failure", || browser.script(failed, &[]) == 1);
    let again = "window.lost = false;
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';";
    browser.script(again, &[]);
    FormPage::ready(browser);
}

#[test]
fn a_definition_that_did_not_load_is_requested_again() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &World::open(LandingPage::default());
    let script = "const { fetch } = window;
        window.lost = 0;
        window.fetch = (...all) => String(all[0].url ?? all[0]).endsWith('/forms/callback') && !window.lost++
            ? Promise.reject(new TypeError('lost')) : fetch(...all);
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';";
    browser.script(script, &[]);
    FormPage::ready(browser);
    assert_eq!(browser.script("return lost;", &[]), 2);
}

/// A page's router may change the form's address while the widget loads.
#[test]
fn a_form_whose_address_changes_while_it_loads_shows_the_later_form() {
    let World { browser, .. } = &World::open(LandingPage::default());
    let script = "const { fetch } = window;
        const changed = new Promise((done) => addEventListener('changed', done));
        window.fetch = (...all) => String(all[0]).endsWith('.wasm')
            ? changed.then(() => fetch(...all)) : fetch(...all);
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';";
    browser.script(script, &[]);
    let is_requested = "return performance.getEntriesByType('resource')
        .some(({ name }) => name.endsWith('/forms/callback'));";
    wait_until("the first definition", || browser.script(is_requested, &[]) == true);
    let change = "document.querySelector('deal-form').src = '/forms/quote';
        dispatchEvent(new Event('changed'));";
    browser.script(change, &[]);
    let form = FormPage::ready(browser);
    assert_eq!(form.read(".df-title").as_deref(), Some("Request a quote"));
}

#[test]
fn a_form_that_is_removed_while_it_loads_fires_no_event() {
    let World { browser, .. } = &World::open(LandingPage::default());
    let script = "const { fetch } = window;
        const gone = new Promise((done) => addEventListener('gone', done));
        window.fetch = async (...all) => {
            const response = await fetch(...all);
            if (!String(all[0]).endsWith('/forms/callback')) return response;
            window.isRequested = true;
            await gone;
            setTimeout(() => { window.isResponded = true; }, 100);
            return response;
        };
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';
        window.form = document.querySelector('deal-form');
        window.events = [];
        form.addEventListener('deal-form-ready', () => events.push('ready'));";
    browser.script(script, &[]);
    let is_waiting =
        "return window.isRequested && form.shadowRoot?.querySelector('.df-loading') != null;";
    wait_until("the waiting widget", || browser.script(is_waiting, &[]) == true);
    browser.script("form.remove(); dispatchEvent(new Event('gone'));", &[]);
    wait_until("the response", || {
        browser.script("return window.isResponded === true;", &[]) == true
    });
    assert_eq!(
        browser.script("return [events, form.hasAttribute('ready')];", &[]),
        json!([[], false])
    );
}
