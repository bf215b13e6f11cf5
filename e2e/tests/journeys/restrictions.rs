//! Restricted pages and browsers: content security policies, no WebAssembly, no scripts.

use e2e::{
    Browser, FormPage, LandingPage, Proxy, Sample, Samples, Sandbox, Scripts, Site, World, fill_in,
    wait_for, wait_until,
};
use serde_json::json;
use thirtyfour::Key;

/// A policy that allows only the sources and features that the widget needs.
const STRICT: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      connect-src 'self'; img-src data:; require-trusted-types-for 'script'";

/// A policy that forbids WebAssembly.
const NO_WASM: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                       img-src data:; form-action 'self'";

/// Returns a site whose page has this policy and a form with a fallback.
fn site(policy: &str) -> Site {
    let head = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <link rel=\"stylesheet\" href=\"/page.css\">\n\
         <script type=\"module\" src=\"/deal-form.js\"></script>"
    );
    let body = "<deal-form src=\"/forms/callback\">
        <form method=\"post\" action=\"/forms/callback\" enctype=\"multipart/form-data\">
            <label>Name <input name=\"contact_name\"></label>
            <label>Number <input name=\"contact_phone\"></label>
            <button>Send</button>
        </form>
    </deal-form>";
    let site = Site::new();
    site.add_page("policy.html", &head, body);
    site
}

#[test]
fn the_form_works_under_a_strict_policy_without_violations() {
    let site = site(STRICT);
    let World { crm, proxy, browser } = &World::with_site(&site);
    browser.open(&proxy.url("/policy.html"));
    let form = FormPage::ready(browser);

    let cursor = form
        .script("return getComputedStyle(root.querySelector('button[type=submit]')).cursor;", &[]);
    assert_eq!(cursor, "pointer", "the form has its styles");
    form.submit();
    assert_eq!(form.summary().len(), 2);
    fill_in::callback(form);
    form.submit();
    let number = form.wait_for_deal();

    crm.deal_with_number(&number);
    browser.assert_console_is_empty();
}

#[test]
fn the_fallback_form_creates_a_deal_if_the_content_security_policy_forbids_webassembly() {
    let site = site(NO_WASM);
    let World { crm, proxy, browser } = &World::with_site(&site);
    browser.open(&proxy.url("/policy.html"));

    // The console tells the page's owner the reason.
    if browser.has_full_console() {
        browser.wait_for_console(&["'wasm-unsafe-eval'", "deal-form"]);
    }

    browser.type_into(&browser.find("[name=contact_name]"), "Ana Größe");
    browser.type_into(&browser.find("[name=contact_phone]"), "030 123456");
    browser.click(&browser.find("button"));
    let number = shown_number(browser);
    crm.deal_with_number(&number);
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Ana Größe");
}

/// Returns the deal's number from the result page.
#[track_caller]
fn shown_number(browser: &Browser) -> String {
    let values = wait_for("the result page", || {
        Some(browser.texts("[role=status] dd")).filter(|values| !values.is_empty())
    });
    values[0].clone()
}

/// Chooses a file in the page's only file chooser.
fn attach(browser: &Browser, file: &Sample) {
    browser.type_into(&browser.find("input[type=file]"), file.path.to_str().unwrap());
}

#[test]
fn the_plain_page_reports_problems_and_creates_a_deal_without_scripts() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start_with(Scripts::Off);
    let samples = Samples::new();
    let table = samples.file("Preise \"Größe\".csv", b"a;b\r\n");

    // The standalone page has a link to the plain page.
    browser.open(&proxy.url("/"));
    browser.click(&browser.find("noscript a"));
    let plain = proxy.url("/forms/quote");
    wait_until("the plain page", || browser.url() == plain);

    // Enter invalid answers that the browser does not report.
    browser.type_into(&browser.find("#contact_name"), "Ana Größe");
    browser.type_into(&browser.find("#contact_email"), "ana@example");
    browser.click(&browser.find("#project_type option[value=shop]"));
    browser.pick_day(&browser.find("#expected_closing_date"), "2028-02-29");
    browser.type_into(&browser.find("#expected_closing_amount"), "-5");
    browser.type_into(&browser.find("#note"), "eins" + Key::Enter + "zwei <b>");
    browser.click(&browser.find("#send_email_to_contact"));
    attach(&browser, &table);
    browser.click(&browser.find("button"));
    let problems = [
        "Enter an email address for “Email”, such as name@example.com.",
        "Enter an amount for “Budget in euros”, such as 1,250.00. Use only digits, \
         spaces, commas and full stops.",
    ];
    wait_until("the list of problems", || browser.texts(".df-summary li") == problems);
    wait_until("the problems at their fields", || browser.texts(".df-problem") == problems);

    // The page keeps the answers and says that files must be chosen again.
    for (css, value) in [
        ("#contact_name", "Ana Größe"),
        ("#project_type", "shop"),
        ("#expected_closing_date", "2028-02-29"),
        ("#expected_closing_amount", "-5"),
    ] {
        assert_eq!(browser.value(&browser.find(css)), value);
    }
    assert!(browser.texts(".df-summary")[0].contains("add your files again"));
    for (css, text) in
        [("#contact_email", "ana@example.com"), ("#expected_closing_amount", "1 250,00")]
    {
        let control = browser.find(css);
        browser.clear(&control);
        browser.type_into(&control, text);
    }
    attach(&browser, &table);
    browser.click(&browser.find("button"));

    let number = shown_number(&browser);
    assert_eq!(crm.finished_calls().len(), 1, "the proxy sent invalid answers to the CRM");
    let deal = crm.deal_with_number(&number);
    for (name, value) in [
        ("contact_name", "Ana Größe"),
        ("contact_email", "ana@example.com"),
        ("expected_closing_date", "2028-02-29"),
        ("expected_closing_amount", "1 250,00"),
        ("note", "eins\r\nzwei <b>\r\n\r\nWhat is it about? An online shop"),
        ("send_email_to_contact", "1"),
        ("stage", "New"),
    ] {
        assert_eq!(deal["parameters"][name], value, "{name}");
    }
    crm.assert_files(&deal, &[table]);
}

#[test]
fn the_plain_page_shows_a_crm_refusal_as_text_and_a_correction_creates_one_deal() {
    e2e::run_in_one_engine!();
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start_with(Scripts::Off);
    crm.inject_fault(&json!({"kind": "refuse", "error_message": "No <img src=x>"}));
    browser.open(&proxy.url("/forms/callback"));
    browser.type_into(&browser.find("#contact_name"), "Ana");
    browser.type_into(&browser.find("#contact_phone"), "030 123456");

    browser.click(&browser.find("button"));
    wait_until("the CRM's message", || {
        browser.texts(".df-summary").concat().contains("No <img src=x>")
    });
    assert_eq!(crm.deals().len(), 0);
    let phone = browser.find("#contact_phone");
    browser.clear(&phone);
    browser.type_into(&phone, "030 654321");
    browser.click(&browser.find("button"));
    let number = shown_number(&browser);
    crm.deal_with_number(&number);
}

/// Some browsers disable WebAssembly for security.
#[test]
fn a_browser_without_webassembly_gets_a_link_to_the_forms_own_page() {
    let script = "delete window.WebAssembly;
        addEventListener('deal-form-error', ({ detail }) => { window.code = detail.code; });";
    let World { proxy, browser, .. } =
        &World::open(LandingPage { script, ..LandingPage::CALLBACK });
    let link = "return document.querySelector('deal-form').shadowRoot?.querySelector('a')?.href;";
    let link = wait_for("the link", || browser.script(link, &[]).as_str().map(str::to_owned));
    assert_eq!(link, proxy.url("/forms/callback"));
    wait_until("the error event", || browser.script("return window.code;", &[]) == "load");
}
