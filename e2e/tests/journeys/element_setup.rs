//! Attributes and properties configure an element, in any order.

use e2e::{FormPage, LandingPage, World, wait_until};
use serde_json::json;

#[test]
fn properties_configure_an_element_and_keep_the_pages_styles() {
    let World { browser, .. } = &World::open(LandingPage::default());
    // Set properties before the element is added.
    let before = "const form = document.createElement('deal-form');
        form.src = '/forms/callback';
        form.lightDom = true;
        document.body.append(form);";
    browser.script(before, &[]);
    FormPage::ready(browser);
    // Set properties after the element is added, when the widget is already loaded. Use a separate
    // task, because WebKit's driver runs promises in the middle of its scripts.
    let after = "setTimeout(() => {
            const form = document.createElement('deal-form');
            form.style.display = 'none';
            form.style.minHeight = '5px';
            document.body.append(form);
            form.src = '/forms/callback';
            form.theme = 'dark';
        });";
    browser.script(after, &[]);
    let ready_count = "return document.querySelectorAll('deal-form[ready]').length;";
    wait_until("two loaded forms", || browser.script(ready_count, &[]) == 2);
    let settings = "return [...document.querySelectorAll('deal-form')].map((form) =>
        [form.getAttribute('style') || '', form.theme, form.lightDom, form.src]);";
    assert_eq!(
        browser.script(settings, &[]),
        json!([
            ["", "", true, "/forms/callback"],
            ["display: none; min-height: 5px;", "dark", false, "/forms/callback"]
        ])
    );
}

/// The elements are on the page before the loader runs.
#[test]
fn properties_set_before_the_script_loads_apply() {
    let script = "if (document.body) {
            const [given, addressed] = document.querySelectorAll('deal-form');
            given.definition = {
                title: 'Given',
                fields: [{ parameter: 'note', kind: 'text', label: 'Note' }],
            };
            given.proxyUrl = '/forms/callback';
            addressed.src = '/forms/callback';
            addressed.lightDom = true;
            window.isDefined = Boolean(customElements.get('deal-form'));
        }";
    // The script is also in the head, where the elements do not exist yet.
    let body = "<deal-form id='given'></deal-form><deal-form id='addressed'></deal-form>
        <script src='/own.js'></script>";
    let World { browser, .. } =
        &World::open(LandingPage { script, ..LandingPage::with_body(body) });
    let given = FormPage::ready_at(browser, "#given");
    assert_eq!(
        browser.script("return window.isDefined;", &[]),
        false,
        "the script ran before the loader"
    );
    assert_eq!(given.read(".df-title").as_deref(), Some("Given"));
    let addressed = FormPage::ready_at(browser, "#addressed");
    assert_eq!(addressed.read(".df-title").as_deref(), Some("Call me back"));
    let change = "const [given, addressed] = document.querySelectorAll('deal-form');
        addressed.src = '/forms/quote';
        return [given.getAttribute('proxy-url'), addressed.getAttribute('src'),
            addressed.shadowRoot];";
    assert_eq!(browser.script(change, &[]), json!(["/forms/callback", "/forms/quote", null]));
}
