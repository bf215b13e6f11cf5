//! An element is set up by attributes and properties, in any order.

use e2e::{FormPage, LandingPage, World, wait_until};
use serde_json::json;

#[test]
fn properties_configure_an_element_and_keep_the_pages_styles() {
    let World { browser, .. } = &World::open(LandingPage::default());
    // Before the script knows the element.
    let before = "const form = document.createElement('deal-form');
        form.src = '/forms/callback';
        form.lightDom = true;
        document.body.append(form);";
    browser.script(before, &[]);
    FormPage::ready(browser);
    // Right after it was added, with all that it needs at hand. In a task of the page's own: in the
    // middle of a script of WebKit's driver, promises go on as soon as the element is there.
    let after = "setTimeout(() => {
            const form = document.createElement('deal-form');
            form.style.display = 'none';
            form.style.minHeight = '5px';
            document.body.append(form);
            form.src = '/forms/callback';
            form.theme = 'dark';
        });";
    browser.script(after, &[]);
    let ready = "return document.querySelectorAll('deal-form[ready]').length;";
    wait_until("two forms", || browser.script(ready, &[]) == 2);
    let found = "return [...document.querySelectorAll('deal-form')].map((form) =>
        [form.getAttribute('style') || '', form.theme, form.lightDom, form.src]);";
    assert_eq!(
        browser.script(found, &[]),
        json!([
            ["", "", true, "/forms/callback"],
            ["display: none; min-height: 5px;", "dark", false, "/forms/callback"]
        ])
    );
}

/// What stands on the page before the loader has come.
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
            window.known = Boolean(customElements.get('deal-form'));
        }";
    // Once more than in the head, where there is no element yet.
    let body = "<deal-form id='given'></deal-form><deal-form id='addressed'></deal-form>
        <script src='/own.js'></script>";
    let World { browser, .. } =
        &World::open(LandingPage { script, ..LandingPage::with_body(body) });
    let given = FormPage::ready_at(browser, "#given");
    assert_eq!(browser.script("return window.known;", &[]), false, "the page was first");
    assert_eq!(given.read(".df-title").as_deref(), Some("Given"));
    let addressed = FormPage::ready_at(browser, "#addressed");
    assert_eq!(addressed.read(".df-title").as_deref(), Some("Call me back"));
    let set = "const [given, addressed] = document.querySelectorAll('deal-form');
        addressed.src = '/forms/quote';
        return [given.getAttribute('proxy-url'), addressed.getAttribute('src'),
            addressed.shadowRoot];";
    assert_eq!(browser.script(set, &[]), json!(["/forms/callback", "/forms/quote", null]));
}
