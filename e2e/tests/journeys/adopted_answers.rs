//! Visitors who use the plain form before the widget is loaded.

use e2e::{FormPage, LandingPage, Samples, Site, World, wait_until};
use serde_json::json;
use thirtyfour::Key;

#[test]
fn the_widget_adopts_the_answers_of_the_plain_form() {
    let site = Site::new();
    site.add_file("late.js", LandingPage::LOAD_ON_F2);
    let World { crm, proxy, browser } = &World::with_site(&site);
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 100_000);
    // Use the proxy's own page, but load the widget later.
    let page = proxy.page("/forms/quote");
    let late = page.replace("/deal-form.js", "/late.js");
    assert_ne!(page, late);
    site.add_file("late.html", &late);
    browser.open(&proxy.url("/late.html"));

    browser.type_into(&browser.find("#contact_name"), "Ana Größe");
    browser.type_into(&browser.find("#contact_email"), "ana@example.com");
    browser.click(&browser.find("#project_type option[value=app]"));
    browser.pick_day(&browser.find("#expected_closing_date"), "2028-02-29");
    browser.click(&browser.find("#send_email_to_contact"));
    browser.type_into(&browser.find("input[type=file]"), offer.path.to_str().unwrap());
    let reference = browser.value(&browser.find("[name=external_reference_id]"));
    browser.type_into(&browser.find("#note"), "Half a ");
    browser.press(Key::F2);

    // The widget has all answers, and the visitor can continue typing.
    let form = FormPage::ready(browser);
    wait_until("the focus in the form", || form.focused() == "Your project");
    browser.press("sentence");
    let answers = form.answers();
    for (label, answer) in [
        ("Your name", json!("Ana Größe")),
        ("Email", json!("ana@example.com")),
        ("What is it about?", json!("app")),
        ("When do you want to start?", json!("2028-02-29")),
        ("Send me a confirmation by email", json!(true)),
        ("Your project", json!("Half a sentence")),
        ("files", json!(["Offer.pdf\n100 kB"])),
    ] {
        assert_eq!(answers[label], answer, "{label}");
    }
    assert_eq!(form.summary(), Vec::<String>::new());

    form.submit();
    let number = form.wait_for_deal();
    let deal = crm.deal_with_number(&number);
    assert_eq!(deal["external_reference_id"], json!(reference));
    let note = "Half a sentence\r\n\r\nWhat is it about? An app";
    assert_eq!(deal["parameters"]["note"], note);
    crm.assert_files(&deal, &[offer]);
}

#[test]
fn the_latest_answer_is_restored_after_going_back_and_after_a_reload() {
    let body = "<deal-form src='/forms/callback'>
            <form method='post' action='/forms/callback' enctype='multipart/form-data'>
                <input name='contact_name'><input name='contact_phone'><button>Send</button>
            </form>
        </deal-form>";
    let World { crm, proxy, browser } = &World::open(LandingPage {
        script: LandingPage::LOAD_ON_F2,
        without_loader: true,
        ..LandingPage::with_body(body)
    });
    let load_widget = || {
        browser.press(Key::F2);
        FormPage::ready(browser)
    };
    browser.type_into(&browser.find("[name=contact_name]"), "Anna");
    let form = load_widget();
    assert_eq!(form.field("Your name").value(), "Anna");
    form.field("Your name").write_and_leave("Berta");

    browser.open(&proxy.url("/forms/quote"));
    browser.go_back();
    // The page handles the F2 key only after it is loaded.
    let is_back =
        "return location.pathname === arguments[0] && document.readyState === 'complete';";
    wait_until("the previous page", || {
        browser.script(is_back, &[json!(World::LANDING_PAGE)]) == true
    });
    assert_eq!(load_widget().field("Your name").value(), "Berta", "after going back");
    browser.open(&proxy.url(World::LANDING_PAGE));
    let form = load_widget();
    assert_eq!(form.field("Your name").value(), "Berta", "after a reload");
    browser.open(&proxy.url(World::LANDING_PAGE));
    browser.type_into(&browser.find("[name=contact_phone]"), "030 654321");
    let form = load_widget();
    assert_eq!(
        form.field("Phone").value(),
        "030 654321",
        "typed into the plain form when a draft exists"
    );

    form.remove();
    form.put_back("body");
    assert_eq!(form.field("Your name").value(), "Berta", "after removing and adding the form");
    form.field("Phone").write("030 123456");
    form.submit();
    form.wait_for_deal();
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Berta");
    form.remove();
    form.put_back("body");
    assert_eq!(form.field("Your name").value(), "", "the next draft is empty");
}

/// A visitor who sends the plain form just before the widget is ready cannot send it a second time.
#[test]
fn a_sent_plain_form_stays_until_the_visitor_returns_to_its_page() {
    // Hold the widget's requests until the plain form is sent.
    let script = "{
            const { fetch } = window;
            const sent = new Promise((done) => addEventListener('submit', done));
            window.fetch = (...all) => sent.then(() => fetch(...all));
        }
        window.events = [];
        addEventListener('deal-form-ready', () => events.push(window.isBack ? 'ready' : 'too early'));";
    // The response is for a frame. The proxy's policy forbids frames, so the page stays open.
    let body = "<deal-form src='/forms/callback'>
            <form method='post' action='/forms/callback' enctype='multipart/form-data' target='answer'>
                <input name='contact_name'><input name='contact_phone'><button>Send</button>
            </form>
        </deal-form>
        <iframe name='answer'></iframe>";
    let World { browser, .. } =
        &World::open(LandingPage { script, ..LandingPage::with_body(body) });
    browser.type_into(&browser.find("[name=contact_name]"), "Anna");
    browser.type_into(&browser.find("[name=contact_phone]"), "030 123456");
    browser.click(&browser.find("button"));
    // When these requests end, the widget has processed the responses to its own requests.
    let wait_for_widget =
        "return fetch('/deal-form-widget_bg.wasm').then((module) => module.arrayBuffer())
        .then(() => fetch('/forms/callback', { headers: { accept: 'application/json' } }))
        .then((form) => form.json()).then(() => new Promise((done) => setTimeout(done)));";
    let is_requested = "return performance.getEntriesByType('resource')
        .some(({ name, initiatorType }) => name.endsWith('/forms/callback') && initiatorType === 'fetch');";
    wait_until("the definition", || browser.script(is_requested, &[]) == true);
    let is_waiting = "return document.querySelector('deal-form').shadowRoot
        ?.querySelector('.df-loading') != null;";
    wait_until("the waiting widget", || browser.script(is_waiting, &[]) == true);
    browser.script(wait_for_widget, &[]);
    let is_loading_visible = "return document.querySelector('deal-form').shadowRoot
        .querySelector('.df-loading').checkVisibility();";
    assert_eq!(browser.script(is_loading_visible, &[]), false, "only the plain form is visible");

    // The visitor goes back to the page that the browser has cached.
    let go_back = "window.isBack = true;
        dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));";
    browser.script(go_back, &[]);
    let form = FormPage::ready(browser);
    assert_eq!(browser.script("return events;", &[]), json!(["ready"]));
    assert_eq!(form.field("Your name").value(), "Anna");
}

/// A plain form with a list, whose first option is selected by default.
const LIST: &str = "<deal-form src='/forms/quote'><form>
    <select name='project_type'><option>website</option><option>app</option></select>
</form></deal-form>";

#[test]
fn an_untouched_list_in_the_plain_form_does_not_undo_a_prefill() {
    let script = "customElements.whenDefined('deal-form').then(() => document
        .querySelector('deal-form').prefill({ project_type: 'app' }));";
    let World { browser, .. } =
        &World::open(LandingPage { script, ..LandingPage::with_body(LIST) });
    let form = FormPage::ready(browser);
    assert_eq!(form.field("What is it about?").value(), "app");
}

/// The visitor has cleared the default option of the list in the widget.
#[test]
fn the_plain_form_does_not_restore_a_cleared_answer() {
    let World { proxy, browser, .. } = &World::with_landing_page(LandingPage::with_body(LIST));
    let open = || {
        browser.open(&proxy.url(World::LANDING_PAGE));
        FormPage::ready(browser)
    };
    let form = open();
    assert_eq!(form.field("What is it about?").value(), "website");
    form.field("What is it about?").choose("Select an option");
    form.field("Your name").write("Ana");
    form.wait_for_draft("Ana");
    let form = open();
    assert_eq!(form.field("Your name").value(), "Ana");
    assert_eq!(form.field("What is it about?").value(), "");
}

/// Page editors put embedded code into paragraphs. In a paragraph, the HTML parser closes the
/// element before its form.
#[test]
fn replaces_a_plain_form_that_the_parser_moved_out_of_the_element() {
    let body = "<main><p>Write to us: <deal-form src='/forms/callback'>
            <form id='plain' method='post' action='/forms/callback' enctype='multipart/form-data'>
                <input name='contact_name' required><input name='contact_phone'><button>Send</button>
            </form>
        </deal-form></p></main>
        <form id='other' method='post' action='/forms/quote'><input name='contact_email'></form>";
    let World { crm, browser, .. } = &World::open(LandingPage {
        script: LandingPage::LOAD_ON_F2,
        without_loader: true,
        ..LandingPage::with_body(body)
    });
    let plain = "const plain = document.querySelector('#plain');
        const other = document.querySelector('#other');
        return [plain.checkVisibility(), plain.elements[0].disabled,
            other.checkVisibility(), other.elements[0].disabled];";
    browser.type_into(&browser.find("#plain [name=contact_phone]"), "030 123456");
    browser.type_into(&browser.find("#plain [name=contact_name]"), "An");
    assert_eq!(browser.script(plain, &[]), json!([true, false, true, false]));
    browser.press(Key::F2);
    let form = FormPage::ready(browser);
    wait_until("the focus in the form", || form.focused() == "Your name");
    assert_eq!(browser.script(plain, &[]), json!([false, true, true, false]));
    browser.press("a");
    assert_eq!(form.field("Your name").value(), "Ana");
    assert_eq!(form.field("Phone").value(), "030 123456");
    form.submit();
    form.wait_for_deal();
    crm.assert_one_call();

    // When the element is removed, the plain form is shown again.
    form.remove();
    assert_eq!(browser.script(plain, &[]), json!([true, false, true, false]));
    form.put_back("p");
    assert_eq!(browser.script(plain, &[]), json!([false, true, true, false]));
}

/// Some content management systems put a form around the whole page.
#[test]
fn the_replaced_plain_form_does_not_block_an_outer_form() {
    let body = "<form id='host'><input name='q' value='1'>
            <deal-form src='/forms/callback'>
                <input name='contact_name' required><button name='b' disabled>Send</button>
            </deal-form>
        </form>";
    let World { browser, .. } = &World::open(LandingPage::with_body(body));
    let host = "const host = document.querySelector('#host');
        return [host.checkValidity(), [...new FormData(host).keys()],
            [...host.elements].map(({ disabled }) => disabled)];";
    FormPage::ready(browser);
    assert_eq!(browser.script(host, &[]), json!([true, ["q"], [false, true, true]]));

    // When the element is removed, the plain form can be used again.
    let remove = "window.form = document.querySelector('deal-form');
        form.remove();
        return Promise.resolve().then(() => [...form.children].map(({ disabled }) => disabled));";
    assert_eq!(browser.script(remove, &[]), json!([false, true]));
    // Scripts may copy the page while the form is ready.
    browser.script("document.querySelector('#host').append(window.form);", &[]);
    FormPage::ready(browser);
    let copy = "const copy = document.querySelector('deal-form').cloneNode(true);
        const before = [copy.hasAttribute('ready'), copy.children[0].disabled];
        document.body.append(copy);
        return [before, copy.hasAttribute('ready'), copy.children[0].disabled];";
    assert_eq!(browser.script(copy, &[]), json!([[true, true], false, false]));
}

#[test]
fn a_default_that_the_visitor_removed_does_not_come_back() {
    let form = "title = 'Call me back'\n[[field]]\ncustom_field = 'news'\nkind = 'flag'\n\
                label = 'News'\ndefault = true\n[[field]]\nparameter = 'contact_name'\n\
                label = 'Name'\ndefault = 'You'\n";
    let body = "<deal-form src=\"/forms/own\"><form method=\"post\" action=\"/forms/own\">
        <input type=\"checkbox\" name=\"news\" value=\"1\" checked>
        <input name=\"contact_name\" value=\"You\"></form></deal-form>";
    let page = LandingPage {
        script: LandingPage::LOAD_ON_F2,
        without_loader: true,
        form: Some(form),
        ..LandingPage::with_body(body)
    };
    let World { browser, .. } = &World::open(page);
    browser.click(&browser.find("[name=news]"));
    let name = browser.find("[name=contact_name]");
    browser.type_into(&name, Key::Backspace + Key::Backspace + Key::Backspace);
    browser.press(Key::F2);
    let answers = FormPage::ready(browser).answers();
    assert_eq!((&answers["News"], &answers["Name"]), (&json!(false), &json!("")));
}

#[test]
fn adopts_several_choices_and_the_text_of_other() {
    let form = "title = 'Quote'\n[[field]]\ncustom_field = 'services'\nkind = 'choices'\n\
                label = 'Services'\noptions = ['Web', 'Print']\nother = true\n";
    let body = "<deal-form src=\"/forms/own\"><form method=\"post\" action=\"/forms/own\">
        <input type=\"checkbox\" name=\"services\" value=\"Web\">
        <input type=\"checkbox\" name=\"services\" value=\"df-other\">
        <input type=\"text\" name=\"services\"></form></deal-form>";
    let page = LandingPage {
        script: LandingPage::LOAD_ON_F2,
        without_loader: true,
        form: Some(form),
        ..LandingPage::with_body(body)
    };
    let World { crm, browser, .. } = &World::open(page);
    browser.click(&browser.find("[value=Web]"));
    browser.click(&browser.find("[value=df-other]"));
    browser.type_into(&browser.find("[type=text]"), "A pod");
    browser.press(Key::F2);
    let form = FormPage::ready(browser);
    // The visitor continues to type.
    let line = "const active = root.activeElement;
        return active?.type === 'text' ? active.value : null;";
    wait_until("the focus on the line", || form.script(line, &[]) == json!("A pod"));
    let active = form.element("return root.activeElement;", &[]);
    browser.type_into(&active, "cast");
    form.submit();
    form.wait_for_deal();
    let note = &crm.deal()["parameters"]["note"];
    assert_eq!(note, "Services: Web, A podcast");
}
