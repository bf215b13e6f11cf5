//! What a page's own scripts can do with the element, and what they are told.

use e2e::{Browser, FormPage, Proxy, Sandbox, Settings, Site};
use serde_json::json;

use crate::answers;

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

fn world() -> (Sandbox, Site, Proxy, Browser) {
    let crm = Sandbox::start();
    let site = Site::new();
    let head = "<script type=\"module\" src=\"/deal-form.js\"></script>";
    site.page("api.html", head, "<p></p>");
    let settings = Settings { site: site.path().to_owned(), ..Settings::default() };
    let proxy = Proxy::with(&crm, settings);
    let browser = Browser::start();
    browser.open(&proxy.url("/api.html"));
    (crm, site, proxy, browser)
}

fn wait_for_element(browser: &Browser) {
    let defined = "return Boolean(customElements.get('deal-form'));";
    e2e::eventually("definition of the element", || {
        (browser.script(defined, &[]) == true).then_some(())
    });
}

#[test]
fn a_page_fills_in_checks_keeps_and_sends_and_hears_of_it() {
    let (crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    browser.script(LISTEN, &[json!({})]);
    let form = FormPage::ready(&browser);
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
    let number = form.arrives();
    assert_eq!(crm.calls_at_rest().len(), 1, "the page kept the first");

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
    assert_eq!(FormPage::ready(&browser).field("Your name").value(), "");
}

#[test]
fn an_element_is_set_up_by_properties_and_what_the_page_set_stays() {
    let (_crm, _site, _proxy, browser) = world();
    // Before the script knows the element.
    let before = "const form = document.createElement('deal-form');
        form.src = '/forms/callback';
        form.lightDom = true;
        document.body.append(form);";
    browser.script(before, &[]);
    FormPage::ready(&browser);
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
    e2e::eventually("two forms", || (browser.script(ready, &[]) == 2).then_some(()));
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

#[test]
fn what_a_page_prefills_gives_way_to_what_the_visitor_wrote() {
    let (_crm, _site, proxy, browser) = world();
    wait_for_element(&browser);
    browser.script(LISTEN, &[json!({})]);
    let form = FormPage::ready(&browser);
    assert_eq!(form.field("Your name").value(), "Zoë");
    form.field("Your name").write_and_leave("Ada");

    browser.open(&proxy.url("/api.html"));
    wait_for_element(&browser);
    browser.script(LISTEN, &[json!({})]);
    let form = FormPage::ready(&browser);
    assert_eq!(form.field("Your name").value(), "Ada");
}

#[test]
fn a_page_hears_of_a_form_that_cannot_be_loaded() {
    let (_crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    browser.script(LISTEN, &[json!({})]);
    FormPage::ready(&browser);
    let script = "const form = document.createElement('deal-form');
        form.src = '/forms/nowhere';
        document.body.append(form);";
    browser.script(script, &[]);
    e2e::eventually("news of it", || {
        let told = browser.script(TOLD, &[]);
        (told[1] == json!(["error", { "code": "load" }])).then_some(())
    });
}

#[test]
fn a_page_may_reset_its_form_while_it_hears_of_progress() {
    let (crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    browser.script(LISTEN, &[json!({})]);
    FormPage::ready(&browser);
    let reset = "addEventListener('deal-form-progress', (event) => event.target.reset());
        document.querySelector('deal-form').submit();";
    crm.go_wrong(&json!({ "kind": "delay", "before_answering_ms": 1000 }));
    browser.script(reset, &[]);
    let form = FormPage::ready(&browser);
    e2e::eventually("empty form", || form.field("Your name").value().is_empty().then_some(()));
    form.field("Your name").write("Ada");
    assert_eq!(form.field("Your name").value(), "Ada", "the form still lives");
    assert!(browser.console().is_empty(), "nothing broke");
}

#[test]
fn a_form_in_the_pages_own_dom_is_styled_and_sent_like_any_other() {
    let (crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    browser.script(LISTEN, &[json!({ "light-dom": "", "theme": "dark" })]);
    let button = e2e::eventually("button that sends", || {
        browser.element("return document.querySelector('deal-form .df-submit');", &[])
    });
    let color = "return getComputedStyle(document.querySelector('.df')).color;";
    assert_eq!(browser.script(color, &[]), "rgb(232, 234, 240)");
    browser.click(&button);
    crm.deal_to_come();
}

#[test]
fn a_lazy_form_out_of_sight_loads_when_it_comes_near() {
    let (_crm, _site, proxy, browser) = world();
    wait_for_element(&browser);
    // The page is never idle, so that only the sight counts.
    let never_idle = "window.requestIdleCallback = () => {};
        document.body.style.paddingTop = '5000px';";
    browser.script(never_idle, &[]);
    browser.script(LISTEN, &[json!({ "loading": "lazy" })]);
    let loaded = "return performance.getEntriesByType('resource')
        .some((entry) => entry.name.endsWith('/deal-form-widget.js'));";
    // The browser tells observers in the order in which they asked: once this one has heard that
    // nothing is in sight, so has the form's, and what it asked for then comes before this request.
    let looked = "return new Promise((done) =>
            new IntersectionObserver(done, { rootMargin: '500px' })
                .observe(document.querySelector('deal-form')))
        .then(() => fetch('/deal-form-widget_bg.wasm', { cache: 'no-store' }))
        .then((module) => module.arrayBuffer())
        .then(() => {});";
    browser.script(looked, &[]);
    assert_eq!(browser.script(loaded, &[]), false, "{}", proxy.url("/"));
    browser.script("document.querySelector('deal-form').scrollIntoView();", &[]);
    FormPage::ready(&browser);
    assert_eq!(browser.script(loaded, &[]), true);
}

#[test]
fn a_form_among_a_pages_own_attributes_hears_only_its_own() {
    let (_crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    // As frameworks write them.
    let script = "document.body.innerHTML = `<div data-action='a' data-field='9' data-remove='0'>
        <deal-form src='/forms/callback' light-dom></deal-form></div>`;";
    browser.script(script, &[]);
    let form = FormPage::ready(&browser);
    form.submit();
    form.follow("Fill in “Phone”.");
    let focused = "return document.activeElement.name;";
    assert_eq!(browser.script(focused, &[]), "contact_phone");
}

#[test]
fn a_picture_that_is_pasted_is_told_and_goes_with_a_form_that_is_sent_at_once() {
    let (crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    browser.script(LISTEN, &[json!({ "src": "/forms/quote" })]);
    let form = FormPage::ready(&browser);
    answers::quote(form, &[]);
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
    form.arrives();
    assert_eq!(crm.deal()["attachments"].as_array().map(Vec::len), Some(1), "{}", crm.deal());
    let told = browser.script(TOLD, &[]).to_string();
    assert!(told.contains(r#"["change",{"parameter":"attachments"}]"#), "{told}");
}

#[test]
fn a_form_that_does_not_load_says_so_in_a_language_of_its_own_and_keeps_the_focus() {
    let (_crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    let script = "document.documentElement.lang = 'de';
        document.body.innerHTML = '<deal-form src=\"/forms/nowhere\"></deal-form>';
        window.failures = 0;
        addEventListener('deal-form-error', () => { window.failures += 1; });";
    browser.script(script, &[]);
    let fails = |count: u32| {
        let failures = "return window.failures;";
        e2e::eventually("failure", || (browser.script(failures, &[]) == count).then_some(()));
        let panel = "return document.querySelector('deal-form').shadowRoot
            .querySelector('.df-failure');";
        e2e::eventually("word of it", || browser.element(panel, &[]))
    };
    fails(1);
    let button = "return document.querySelector('deal-form').shadowRoot.querySelector('button');";
    browser.click(&browser.element(button, &[]).unwrap());
    fails(2);
    let focused = "const { activeElement } = document.querySelector('deal-form').shadowRoot;
        return [activeElement?.className, activeElement?.lang];";
    assert_eq!(browser.script(focused, &[]), json!(["df-failure", "en"]));
}
