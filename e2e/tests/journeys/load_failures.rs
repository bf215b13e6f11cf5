//! A form that could not be loaded.

use e2e::{FormPage, LandingPage, World, fill_in, wait_for, wait_until};
use serde_json::json;

/// Opens a page with a form, so that the widget is loaded, and with a place for another form that is not
/// loaded yet.
fn open() -> World {
    let world = World::open(LandingPage::with_body(
        "<main></main><deal-form src='/forms/quote'></deal-form>",
    ));
    FormPage::ready(&world.browser);
    world
}

#[test]
fn a_load_failure_is_shown_in_the_pages_language_and_keeps_the_focus() {
    let World { browser, .. } = &World::open(LandingPage::default());
    let script = "document.documentElement.lang = 'de';
        document.body.innerHTML = '<deal-form src=\"/forms/nowhere\"></deal-form>';
        window.failures = 0;
        addEventListener('deal-form-error', () => { window.failures += 1; });";
    browser.script(script, &[]);
    let wait_for_failures = |count: u32| {
        let failures = "return window.failures;";
        wait_until("the failure", || browser.script(failures, &[]) == count);
        let panel = "return document.querySelector('deal-form').shadowRoot
            .querySelector('.df-failure');";
        wait_for("the message about the failure", || browser.element(panel, &[]))
    };
    wait_for_failures(1);
    let button = "return document.querySelector('deal-form').shadowRoot.querySelector('button');";
    browser.click(&browser.element(button, &[]).unwrap());
    wait_for_failures(2);
    let focused = "const { activeElement } = document.querySelector('deal-form').shadowRoot;
        return [activeElement?.className, activeElement?.lang];";
    assert_eq!(browser.script(focused, &[]), json!(["df-failure", "de"]));
}

#[test]
fn a_form_that_could_not_be_loaded_can_be_loaded_again() {
    let World { crm, proxy, browser } = &mut open();

    // Adds a second form after its address has become unreachable.
    proxy.stop();
    browser.script(
        "const form = document.createElement('deal-form');
        form.setAttribute('src', '/forms/callback');
        form.id = 'second';
        document.querySelector('main').append(form);",
        &[],
    );
    let said = "return document.querySelector('#second').shadowRoot
        ?.querySelector('[role=alert] p')?.innerText ?? null;";
    let said = wait_for("the message about the failure", || {
        browser.script(said, &[]).as_str().map(str::to_owned)
    });
    assert_eq!(said, "The form could not be loaded. Check your connection and try again.");

    proxy.start_again();
    let again = "return document.querySelector('#second').shadowRoot.querySelector('button');";
    browser.click(&browser.element(again, &[]).unwrap());
    let form = FormPage::ready_at(browser, "#second");
    fill_in::callback(form);
    form.submit();
    let number = form.wait_for_deal();
    crm.deal_with_number(&number);
}

#[test]
fn the_language_of_the_element_overrides_that_of_the_page() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &open();
    browser.script(
        "const form = document.createElement('deal-form');
        form.setAttribute('src', '/forms/no-such-form');
        form.lang = 'ar';
        form.id = 'missing';
        document.querySelector('main').append(form);",
        &[],
    );
    let said = wait_for("the message about the failure", || {
        let said = browser.script(
            "const said = document.querySelector('#missing').shadowRoot
                ?.querySelector('[role=alert]');
            return said && [said.lang, said.dir, said.querySelector('button').innerText];",
            &[],
        );
        (!said.is_null()).then_some(said)
    });
    assert_eq!(said, json!(["ar", "rtl", "إعادة التحميل"]));
}

/// The focus moves from the button that loads again to the first field.
#[test]
fn loading_a_form_again_moves_the_focus_to_its_first_field() {
    let World { proxy, browser, .. } = &mut open();
    proxy.stop();
    let add_form = "document.querySelector('main').innerHTML =
        '<deal-form src=\"/forms/callback\"></deal-form>';";
    browser.script(add_form, &[]);
    let button = "return document.querySelector('deal-form').shadowRoot
        ?.querySelector('[role=alert] button') ?? null;";
    let button = wait_for("the button", || browser.element(button, &[]));
    proxy.start_again();
    browser.click(&button);
    let form = FormPage::ready(browser);
    wait_until("the focus on the first field", || form.focused() == "Your name");
}

#[test]
fn an_address_without_a_form_is_reported_as_not_found() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &open();
    let add_form = "document.querySelector('main').innerHTML =
        '<deal-form id=\"missing\" src=\"/forms/nowhere\"></deal-form>';";
    browser.script(add_form, &[]);
    let said = "return document.querySelector('#missing').shadowRoot
        ?.querySelector('[role=alert] p')?.innerText ?? null;";
    let said = wait_for("the message about the failure", || {
        browser.script(said, &[]).as_str().map(str::to_owned)
    });
    assert_eq!(said, "This form was not found. Please tell the owner of this page.");
}

#[test]
fn loads_the_form_when_the_browser_is_back_online() {
    let World { proxy, browser, .. } = &mut open();
    proxy.stop();
    let add_form = "document.querySelector('main').innerHTML =
        '<deal-form id=\"second\" src=\"/forms/callback\"></deal-form>';";
    browser.script(add_form, &[]);
    let panel = "return document.querySelector('#second').shadowRoot
        ?.querySelector('[role=alert]') ?? null;";
    wait_for("the message about the failure", || browser.element(panel, &[]));
    proxy.start_again();
    browser.script("dispatchEvent(new Event('online'));", &[]);
    FormPage::ready_at(browser, "#second");
}

/// Scripts that monitor a page's requests replace `fetch`.
#[test]
fn the_widget_survives_a_fetch_that_rejects_with_a_string() {
    let World { browser, .. } = &open();
    let add_form = "window.original = fetch;
        window.fetch = () => Promise.reject('blocked');
        document.querySelector('main').innerHTML =
            '<deal-form id=\"second\" src=\"/forms/callback\"></deal-form>';";
    browser.script(add_form, &[]);
    let button = "return document.querySelector('#second').shadowRoot
        ?.querySelector('[role=alert] button') ?? null;";
    let button = wait_for("the button", || browser.element(button, &[]));
    browser.script("window.fetch = window.original;", &[]);
    browser.click(&button);
    FormPage::ready_at(browser, "#second");
}
