//! A form that could not be loaded.

use e2e::{Browser, FormPage, LandingPage, WebElement, World, fill_in, wait_for, wait_until};
use serde_json::json;

/// Opens a page with a form, and with an empty element for a second form. The first form loads the
/// widget.
fn open() -> World {
    let world = World::open(LandingPage::with_body(
        "<main></main><deal-form src='/forms/quote'></deal-form>",
    ));
    FormPage::ready(&world.browser);
    world
}

/// Adds a second form with these attributes.
#[track_caller]
fn add_form(browser: &Browser, attributes: &str) {
    let add = "document.querySelector('main').innerHTML =
        `<deal-form id='second' ${arguments[0]}></deal-form>`;";
    browser.script(add, &[json!(attributes)]);
}

/// Waits for the second form's failure message, and returns its element that the selector `part`
/// matches.
#[track_caller]
fn wait_for_failure(browser: &Browser, part: &str) -> WebElement {
    let find = "return document.querySelector('#second').shadowRoot
        ?.querySelector(`.df-failure ${arguments[0]}`) ?? null;";
    wait_for("the message about the failure", || browser.element(find, &[json!(part)]))
}

/// Waits for the second form's failure message, and returns its text.
#[track_caller]
fn failure_text(browser: &Browser) -> String {
    let text = wait_for_failure(browser, "p").to_json().unwrap();
    browser.script("return arguments[0].innerText;", &[text]).as_str().unwrap().to_owned()
}

#[test]
fn a_load_failure_is_shown_in_the_pages_language_and_has_the_focus_after_a_failed_retry() {
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
fn a_form_that_could_not_be_loaded_can_be_loaded_again_and_gets_the_focus() {
    let World { crm, proxy, browser } = &mut open();
    proxy.stop();
    add_form(browser, "src='/forms/callback'");
    let text = failure_text(browser);
    assert_eq!(text, "The form could not be loaded. Check your connection and try again.");

    proxy.start_again();
    browser.click(&wait_for_failure(browser, "button"));
    let form = FormPage::ready_at(browser, "#second");
    wait_until("the focus on the first field", || form.focused() == "Your name");
    fill_in::callback(form);
    form.submit();
    let number = form.wait_for_deal();
    crm.deal_with_number(&number);
}

#[test]
fn the_elements_language_overrides_the_pages_language() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &open();
    add_form(browser, "src='/forms/no-such-form' lang='ar'");
    let button = wait_for_failure(browser, "button").to_json().unwrap();
    let read = "const { lang, dir } = arguments[0].closest('.df-failure');
        return [lang, dir, arguments[0].innerText];";
    assert_eq!(browser.script(read, &[button]), json!(["ar", "rtl", "إعادة التحميل"]));
}

#[test]
fn an_address_without_a_form_is_reported_as_not_found() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &open();
    add_form(browser, "src='/forms/nowhere'");
    let text = failure_text(browser);
    assert_eq!(text, "This form was not found. Please tell the owner of this page.");
}

#[test]
fn loads_the_form_when_the_browser_is_back_online() {
    let World { proxy, browser, .. } = &mut open();
    proxy.stop();
    add_form(browser, "src='/forms/callback'");
    wait_for_failure(browser, "button");
    proxy.start_again();
    browser.script("dispatchEvent(new Event('online'));", &[]);
    FormPage::ready_at(browser, "#second");
}

/// Scripts that monitor a page's requests replace the function `fetch`.
#[test]
fn the_widget_survives_a_fetch_that_rejects_with_a_string() {
    let World { browser, .. } = &open();
    let break_fetch = "window.original = fetch;
        window.fetch = () => Promise.reject('blocked');";
    browser.script(break_fetch, &[]);
    add_form(browser, "src='/forms/callback'");
    let button = wait_for_failure(browser, "button");
    browser.script("window.fetch = window.original;", &[]);
    browser.click(&button);
    FormPage::ready_at(browser, "#second");
}
