//! Forms that require a proof that the sender is a person.

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
fn each_draft_of_a_form_with_proofs_creates_one_deal() {
    let World { crm, browser, .. } = &World::open(PAGE);
    let form = FormPage::ready(browser);
    // The visitor sends the form before the token is valid, so the widget waits.
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
    // The first request for the token fails.
    let script = "{
            const { fetch } = window;
            let isFirst = true;
            window.fetch = (...all) => {
                const fails = isFirst && all[0].url?.endsWith('/token');
                if (fails) isFirst = false;
                return fails ? Promise.reject(new TypeError('offline')) : fetch(...all);
            };
        }";
    let body = "<deal-form src='/forms/own?from=roofs'></deal-form>";
    let World { browser, .. } = &World::open(LandingPage { script, body, ..PAGE });
    let form = FormPage::ready(browser);
    form.field("Your name").write("Ana");
    form.submit();
    form.wait_for_deal();
    browser.assert_console_is_empty();
}

/// A proof from an earlier attempt may have been used already, or may have expired.
#[test]
fn each_attempt_sends_a_new_proof() {
    e2e::run_in_one_engine!();
    let World { crm, browser, .. } = &World::open(PAGE);
    let form = FormPage::ready(browser);
    let count_requests = "return performance.getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('/forms/own/token')).length;";
    let wait_for_tokens = |count: u32| {
        let is_requested = || browser.script(count_requests, &[]) == count;
        wait_until(&format!("request {count} for a token"), is_requested);
    };
    wait_for_tokens(1);
    crm.inject_fault(&json!({"kind": "refuse"}));
    form.field("Your name").write("Ana");
    form.submit();
    form.wait_for_failure();
    wait_for_tokens(2);
    form.field("Your name").write("Berta");
    form.submit();
    form.wait_for_deal();
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Berta");
    form.press_button("Send another request");
    wait_for_tokens(3);
}

#[test]
fn a_form_cancelled_before_its_token_is_valid_is_not_sent() {
    e2e::run_in_one_engine!();
    let World { crm, browser, .. } = &World::open(PAGE);
    let form = FormPage::ready(browser);
    form.field("Your name").write("Ana");
    // Send and cancel within one task, long before the token is valid.
    let cancel = "root.querySelector('form').requestSubmit();
        return Promise.resolve().then(() => Promise.resolve()).then(() => {
            // The button is not visible yet.
            root.querySelector('.df-activity button').click();
        });";
    form.script(cancel, &[]);
    assert_eq!(form.wait_for_failure().heading, "Sending stopped");
    // If the cancelled submission were sent, it would arrive before this one.
    form.field("Your name").write("Berta");
    form.submit();
    form.wait_for_deal();
    crm.assert_one_call();
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Berta");
}

#[test]
fn the_pages_captcha_answer_is_sent() {
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
    let submission = proxy.last_submission();
    assert!(
        submission.contains("name=\"df-captcha\"\r\n\r\na picture of roofs\r\n"),
        "{submission}"
    );
}
