//! What a page's own scripts can do with the element, and what they are told.

use e2e::{Browser, FormPage, Proxy, Sandbox, Settings, Site, stop_clock};
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

/// A page that is never idle, with a lazy form out of sight that has a fallback.
fn out_of_sight(browser: &Browser, idle: &str) {
    wait_for_element(browser);
    let script = format!(
        "window.requestIdleCallback = {idle};
        document.body.style.paddingTop = '5000px';
        document.body.innerHTML = `<deal-form src='/forms/callback' loading='lazy'>
            <form><input name='contact_name'></form></deal-form>`;"
    );
    browser.script(&script, &[]);
}

#[test]
fn a_lazy_form_loads_when_its_fallback_is_used() {
    let (_crm, _site, _proxy, browser) = world();
    out_of_sight(&browser, "() => {}");
    let focus = "document.querySelector('deal-form input').focus({ preventScroll: true });";
    browser.script(focus, &[]);
    assert_eq!(FormPage::ready(&browser).focused(), "Your name");
}

#[test]
fn a_lazy_form_loads_when_the_page_has_nothing_better_to_do() {
    let (_crm, _site, _proxy, browser) = world();
    out_of_sight(&browser, "(then) => setTimeout(then)");
    FormPage::ready(&browser);
    assert_eq!(browser.script("return scrollY;", &[]), 0, "nobody has come near");
}

/// A router that knows better while the widget is on its way.
#[test]
fn a_form_whose_address_changes_while_it_loads_is_the_later_one() {
    let (_crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    let script = "const { fetch } = window;
        const changed = new Promise((done) => addEventListener('changed', done));
        window.fetch = (...all) => String(all[0]).endsWith('.wasm')
            ? changed.then(() => fetch(...all)) : fetch(...all);
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';";
    browser.script(script, &[]);
    let asked = "return performance.getEntriesByType('resource')
        .some(({ name }) => name.endsWith('/forms/callback'));";
    e2e::eventually("first definition", || (browser.script(asked, &[]) == true).then_some(()));
    let change = "document.querySelector('deal-form').src = '/forms/quote';
        dispatchEvent(new Event('changed'));";
    browser.script(change, &[]);
    let form = FormPage::ready(&browser);
    assert_eq!(form.read(".df-title").as_deref(), Some("Request a quote"));
}

#[test]
fn what_is_prefilled_while_a_form_is_off_the_page_is_for_the_next_one_alone() {
    let (_crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    browser.script(LISTEN, &[json!({ "draft": "off" })]);
    let form = FormPage::ready(&browser);
    assert_eq!(form.field("Phone").value(), "030 123456");
    browser.script("window.form = document.querySelector('deal-form'); form.remove();", &[]);
    let off = "return window.form.hasAttribute('ready');";
    assert_eq!(browser.script(off, &[]), false, "there is none to be filled in");
    let back = "form.prefill({ contact_name: 'Ada' }); document.body.append(form);";
    browser.script(back, &[]);
    let form = FormPage::ready(&browser);
    assert_eq!(form.field("Your name").value(), "Ada");
    assert_eq!(form.field("Phone").value(), "", "that was meant for the first one");
}

#[test]
fn what_a_page_fills_in_later_is_kept_and_stops_a_countdown() {
    let (_crm, _site, mut proxy, browser) = world();
    wait_for_element(&browser);
    browser.script(LISTEN, &[json!({})]);
    let form = FormPage::ready(&browser);
    let fill = "document.querySelector('deal-form').prefill({ note: 'A new roof' });";
    browser.script(fill, &[]);
    let kept = "return Object.values(sessionStorage).join().includes('A new roof');";
    e2e::eventually("draft", || (browser.script(kept, &[]) == true).then_some(()));

    stop_clock(&browser);
    proxy.stop();
    form.submit();
    e2e::eventually("countdown", || form.countdown());
    browser.script(&fill.replace("new", "small"), &[]);
    e2e::eventually("its end", || form.countdown().is_none().then_some(()));
}

#[test]
fn a_page_is_told_of_a_name_that_its_form_does_not_know() {
    let (_crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    browser.script("window.warned = []; console.warn = (text) => warned.push(text);", &[]);
    browser.script(LISTEN, &[json!({})]);
    FormPage::ready(&browser);
    let fill = "document.querySelector('deal-form').prefill({ contact_nam: 'Zoë' });";
    browser.script(fill, &[]);
    let warned = browser.script("return warned;", &[]);
    assert_eq!(warned, json!(["deal-form: this form does not ask for contact_nam"]));
}

#[test]
fn a_form_keeps_room_only_where_the_page_has_kept_none_and_gives_it_back() {
    let (_crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    // Nothing of the widget comes until the page has looked.
    let script = "const { fetch } = window;
        const looked = new Promise((done) => addEventListener('looked', done));
        window.fetch = (...all) => looked.then(() => fetch(...all));
        document.body.innerHTML = `<deal-form src='/forms/callback'></deal-form>
            <deal-form src='/forms/quote'><p>Call 030 123456.</p></deal-form>`;
        const own = document.createElement('deal-form');
        own.style.minHeight = '300px';
        document.body.append(own);
        own.src = '/forms/steps';
        return [...document.querySelectorAll('deal-form')].map((form) => form.style.minHeight);";
    assert_eq!(browser.script(script, &[]), json!(["640px", "", "300px"]));
    browser.script("dispatchEvent(new Event('looked'));", &[]);
    let rooms = "const forms = [...document.querySelectorAll('deal-form')];
        return forms.every((form) => form.hasAttribute('ready'))
            && forms.map((form) => form.style.minHeight);";
    let given_back = json!(["", "", "300px"]);
    e2e::eventually("three forms", || (browser.script(rooms, &[]) == given_back).then_some(()));
}

#[test]
fn a_form_that_cannot_come_gives_its_room_back() {
    let (_crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    let script = "const looked = new Promise((done) => addEventListener('looked', done));
        window.fetch = () => looked.then(() => Promise.reject(new TypeError('lost')));
        window.failures = 0;
        addEventListener('deal-form-error', () => { window.failures += 1; });
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';
        return document.querySelector('deal-form').style.minHeight;";
    assert_eq!(browser.script(script, &[]), "640px");
    browser.script("dispatchEvent(new Event('looked'));", &[]);
    let failed = "return window.failures === 1
        && document.querySelector('deal-form').style.minHeight;";
    e2e::eventually("its room", || (browser.script(failed, &[]) == "").then_some(()));
}

/// A widget that was lost on its way comes for the next form of the page.
#[test]
fn a_widget_that_did_not_come_is_asked_for_again() {
    let (_crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    let script = "const { fetch } = window;
        window.lost = true;
        window.fetch = (...all) => lost && String(all[0]).endsWith('.wasm')
            ? Promise.reject(new TypeError('lost')) : fetch(...all);
        window.failures = 0;
        addEventListener('deal-form-error', () => { window.failures += 1; });
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';";
    browser.script(script, &[]);
    let failed = "return window.failures;";
    e2e::eventually("failure", || (browser.script(failed, &[]) == 1).then_some(()));
    let again = "window.lost = false;
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';";
    browser.script(again, &[]);
    FormPage::ready(&browser);
}

/// The form's own button is away by then; a page's is not.
#[test]
fn a_page_that_sends_twice_sends_once() {
    let (crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    browser.script(LISTEN, &[json!({})]);
    let form = FormPage::ready(&browser);
    let twice = "const form = document.querySelector('deal-form');
        form.submit();
        form.submit();
        form.shadowRoot.querySelector('form').requestSubmit();";
    browser.script(twice, &[]);
    form.arrives();
    assert_eq!(crm.calls_at_rest().len(), 1);
    let told = browser.script(TOLD, &[]);
    let sent = told.as_array().unwrap().iter().filter(|told| told[0] == "submit").count();
    assert_eq!(sent, 1, "{told}");
}

/// What stands on the page before the loader has come.
#[test]
fn what_a_page_set_before_the_script_came_counts() {
    let crm = Sandbox::start();
    let site = Site::new();
    site.file(
        "early.js",
        "const [given, addressed] = document.querySelectorAll('deal-form');
        given.definition = {
            title: 'Given',
            fields: [{ parameter: 'note', kind: 'text', label: 'Note' }],
        };
        given.proxyUrl = '/forms/callback';
        addressed.src = '/forms/callback';
        addressed.lightDom = true;
        window.known = Boolean(customElements.get('deal-form'));",
    );
    site.page(
        "early.html",
        "<script type=\"module\" src=\"/deal-form.js\"></script>",
        "<deal-form id=\"given\"></deal-form><deal-form id=\"addressed\"></deal-form>
        <script src=\"/early.js\"></script>",
    );
    let settings = Settings { site: site.path().to_owned(), ..Settings::default() };
    let proxy = Proxy::with(&crm, settings);
    let browser = Browser::start();
    browser.open(&proxy.url("/early.html"));
    let given = FormPage::ready_at(&browser, "#given");
    assert_eq!(browser.script("return window.known;", &[]), false, "the page was first");
    assert_eq!(given.read(".df-title").as_deref(), Some("Given"));
    let addressed = FormPage::ready_at(&browser, "#addressed");
    assert_eq!(addressed.read(".df-title").as_deref(), Some("Call me back"));
    let set = "const [given, addressed] = document.querySelectorAll('deal-form');
        addressed.src = '/forms/quote';
        return [given.getAttribute('proxy-url'), addressed.getAttribute('src'),
            addressed.shadowRoot];";
    assert_eq!(browser.script(set, &[]), json!(["/forms/callback", "/forms/quote", null]));
}

#[test]
fn a_definition_that_was_lost_once_is_asked_for_again() {
    let (_crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    let script = "const { fetch } = window;
        window.lost = 0;
        window.fetch = (...all) => String(all[0]).endsWith('/forms/callback') && !window.lost++
            ? Promise.reject(new TypeError('lost')) : fetch(...all);
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';";
    browser.script(script, &[]);
    FormPage::ready(&browser);
    assert_eq!(browser.script("return lost;", &[]), 2);
}

#[test]
fn a_form_that_is_taken_off_before_it_came_is_silent() {
    let (_crm, _site, _proxy, browser) = world();
    wait_for_element(&browser);
    let script = "const { fetch } = window;
        const gone = new Promise((done) => addEventListener('gone', done));
        window.fetch = async (...all) => {
            const answer = await fetch(...all);
            if (!String(all[0]).endsWith('/forms/callback')) return answer;
            window.asked = true;
            await gone;
            setTimeout(() => { window.answered = true; }, 100);
            return answer;
        };
        document.body.innerHTML = '<deal-form src=\"/forms/callback\"></deal-form>';
        window.form = document.querySelector('deal-form');
        window.told = [];
        form.addEventListener('deal-form-ready', () => told.push('ready'));";
    browser.script(script, &[]);
    let waits = "return window.asked && form.shadowRoot?.querySelector('.df-loading') != null;";
    e2e::eventually("widget that waits", || (browser.script(waits, &[]) == true).then_some(()));
    browser.script("form.remove(); dispatchEvent(new Event('gone'));", &[]);
    e2e::eventually("answer", || {
        (browser.script("return window.answered === true;", &[]) == true).then_some(())
    });
    assert_eq!(
        browser.script("return [told, form.hasAttribute('ready')];", &[]),
        json!([[], false])
    );
}
