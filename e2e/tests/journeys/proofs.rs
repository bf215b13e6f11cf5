//! Forms that ask for what programs do not bring.

use e2e::{Browser, FormPage, LandingPage, Site, StubServer, World, wait_until};
use serde_json::json;

const FORM: &str = "title = 'Call me back'
    [proof]
    token = true
    work = true
    [[field]]
    parameter = 'contact_name'
    label = 'Your name'
    required = true
    [presets]
    name = 'Call back'
";

const PAGE: LandingPage<'_> = LandingPage { form: Some(FORM), ..LandingPage::OWN };

#[test]
fn the_widget_sends_token_and_work_and_each_draft_makes_one_deal() {
    let World { crm, browser, .. } = &World::open(PAGE);
    let form = FormPage::ready(browser);
    // Faster than the token ripens: the widget waits, the visitor need not.
    form.field("Your name").write("Ana");
    form.submit();
    form.wait_for_deal();
    form.press_button("Send another request");
    form.field("Your name").write("Berta");
    form.submit();
    let number = form.wait_for_deal();
    let deals = crm.deals();
    assert_eq!(deals.len(), 2);
    assert_eq!(deals[0]["deal_id"], json!(number));
    assert_eq!(deals[0]["parameters"]["contact_name"], "Berta");
}

#[test]
fn a_token_that_failed_to_load_is_fetched_when_the_form_is_sent() {
    e2e::run_in_one_engine!();
    // A line that is away for a moment.
    let away = "{
            const { fetch } = window;
            let away = true;
            window.fetch = (...all) => {
                const lost = away && all[0].url?.endsWith('/token');
                if (lost) away = false;
                return lost ? Promise.reject(new TypeError('away')) : fetch(...all);
            };
        }";
    let body = "<deal-form src='/forms/own?from=roofs'></deal-form>";
    let World { browser, .. } = &World::open(LandingPage { script: away, body, ..PAGE });
    let form = FormPage::ready(browser);
    form.field("Your name").write("Ana");
    form.submit();
    form.wait_for_deal();
    browser.assert_console_is_empty();
}

/// What was brought once may be too old by then, or used.
#[test]
fn each_attempt_sends_a_new_proof() {
    e2e::run_in_one_engine!();
    let World { crm, browser, .. } = &World::open(PAGE);
    let form = FormPage::ready(browser);
    let asked = "return performance.getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('/forms/own/token')).length;";
    let asked = |times: u32| {
        let told = || browser.script(asked, &[]) == times;
        wait_until(&format!("token, time {times}"), told);
    };
    asked(1);
    crm.inject_fault(&json!({"kind": "refuse"}));
    form.field("Your name").write("Ana");
    form.submit();
    form.wait_for_failure();
    asked(2);
    form.field("Your name").write("Berta");
    form.submit();
    form.wait_for_deal();
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Berta");
    form.press_button("Send another request");
    asked(3);
}

#[test]
fn a_form_cancelled_before_its_token_is_valid_is_not_sent() {
    e2e::run_in_one_engine!();
    let World { crm, browser, .. } = &World::open(PAGE);
    let form = FormPage::ready(browser);
    form.field("Your name").write("Ana");
    // Pressed and stopped within one task, long before the token counts.
    let stop = "window.sent = 0;
        addEventListener('deal-form-progress', () => { window.sent += 1; });
        root.querySelector('form').requestSubmit();
        return Promise.resolve().then(() => Promise.resolve()).then(() => {
            const cancel = [...root.querySelectorAll('.df-progress button')].find(seen);
            cancel.click();
        });";
    form.script(stop, &[]);
    assert_eq!(form.wait_for_failure().heading, "You stopped sending");
    // What is sent after it has come by then, too.
    form.field("Your name").write("Berta");
    form.submit();
    form.wait_for_deal();
    crm.assert_one_call();
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Berta");
}

#[test]
fn the_answer_of_the_pages_captcha_is_sent() {
    e2e::run_in_one_engine!();
    let definition = json!({
        "title": "Captcha",
        "proof": {"captcha": true},
        "fields": [{"parameter": "contact_name", "kind": "text", "label": "Name"}],
    });
    let definition = definition.to_string().replace('"', "&quot;");
    let site = Site::new();
    site.add_page(
        "captcha.html",
        Site::LOADER,
        &format!("<deal-form proxy-url=\"/submit\" definition=\"{definition}\"></deal-form>"),
    );
    let proxy = StubServer::start(site.path());
    proxy.respond_with(200, "application/json", r#"{"message": "success", "deal_id": 1}"#);
    let browser = Browser::start();
    browser.open(&proxy.url("/captcha.html"));
    let form = FormPage::ready(&browser);
    form.field("Name").write("Ana");
    let solve =
        "document.querySelector('deal-form').prefill({ 'df-captcha': 'a picture of roofs' });";
    browser.script(solve, &[]);
    form.submit();
    form.wait_for_deal();
    let said = proxy.last_submission();
    assert!(said.contains("name=\"df-captcha\"\r\n\r\na picture of roofs\r\n"), "{said}");
}
